"""Forms made from the encounter's own records: one builder for all, no form is drawn by hand.

    choices       what can be chosen where a field names something: a region, an image, a vessel, a product. No Qt
    editors       one editor for each sort of value: text, number, word of a closed list, moment, list
    form          a form for a kind of record: an editor for each field, each blank visible

A new field of a record has its editor at once; a field of a new sort needs one in `editors`.
"""
