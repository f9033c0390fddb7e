"""The screens of simulated probes: nine styles that differ as makers differ, with every number on them true.

`screen_style(style, seed=..., size=...)` gives a screen that composes what the physics renders (`mock_devices.contract`);
the seed throws colours, letters, language, layout and ruler within the style. `still` draws one screen with a stand-in for
tissue, without physics, for measuring scales and read-outs by the thousand. Styles 5 and up are held out from those who
write the measuring code (`OPEN_STYLES` are not). Nothing here is a real maker's name, sign or artwork.
"""

from mock_devices.screens._still import still, still_mask
from mock_devices.screens._styles import OPEN_STYLES, STYLES, screen_style

__all__ = ["OPEN_STYLES", "STYLES", "screen_style", "still", "still_mask"]
