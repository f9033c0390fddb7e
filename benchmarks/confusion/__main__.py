"""`python -m benchmarks.confusion`."""

from benchmarks.confusion.campaign import main

raise SystemExit(main())
