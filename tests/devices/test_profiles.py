"""Screen profiles: the simulated probe's numbers, and the refusal of files that promise nonsense."""

from __future__ import annotations

from pathlib import Path

import pytest

from devices.profiles import ProfileError, load, names, read

GOOD = """
maker = "Maker"
model = "Model"

[[screen]]
width = 1280
height = 720
box = [100, 50, 1100, 650]
mm_per_pixel = [0.05, 0.05]
depth_mm = 30.0
relative_uncertainty = 0.01
source = "ruler on the screen"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "trial.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("size", "box", "mm"),
    [
        ((1280, 720), (154, 58, 1126, 662), 30 / 604),
        ((640, 480), (77, 38, 563, 442), 30 / 404),
        ((1920, 1080), (230, 86, 1690, 994), 30 / 908),
    ],
)
def test_the_simulated_probe_s_screen(size: tuple[int, int], box: tuple[int, int, int, int], mm: float) -> None:
    profile = load("simulated-portable")
    geometry = profile.scale_for(*size)
    assert geometry is not None
    assert geometry.box == box
    assert geometry.mm_per_pixel_x == geometry.mm_per_pixel_y == pytest.approx(mm)
    assert 0 < geometry.relative_uncertainty < 0.01
    assert profile.maker and profile.model


def test_the_profile_tells_the_truth_about_the_simulated_probe() -> None:
    """Profile and simulation share no constant; here they meet."""
    from mock_devices.layout import Layout

    for width, height in ((640, 480), (800, 600), (1280, 720), (1920, 1080)):
        geometry = load("simulated-portable").scale_for(width, height)
        layout = Layout(width, height)
        assert geometry is not None
        assert geometry.box == layout.box
        assert geometry.mm_per_pixel_y == pytest.approx(layout.mm_per_pixel)


def test_every_profile_that_comes_with_the_program_is_sound() -> None:
    assert "simulated-portable" in names()
    for name in names():
        assert load(name).screen


def test_a_measured_size_is_known_and_no_other(tmp_path: Path) -> None:
    profile = read(written(tmp_path, GOOD))
    geometry = profile.scale_for(1280, 720)
    assert geometry is not None and geometry.box == (100, 50, 1100, 650)
    assert profile.scale_for(1920, 1080) is None


def test_two_depths_of_one_size_are_not_guessed_between(tmp_path: Path) -> None:
    second = GOOD[GOOD.index("[[screen]]") :].replace("30.0", "40.0").replace("0.05, 0.05", "0.07, 0.07")
    profile = read(written(tmp_path, GOOD + second))
    assert profile.scale_for(1280, 720) is None
    geometry = profile.scale_for(1280, 720, depth_mm=40)
    assert geometry is not None and geometry.mm_per_pixel_x == 0.07
    assert profile.scale_for(1280, 720, depth_mm=50) is None


def test_a_screen_too_small_for_its_box_has_no_scale() -> None:
    assert load("simulated-portable").scale_for(1, 0) is None


@pytest.mark.parametrize(
    ("change", "to", "key"),
    [
        ('maker = "Maker"\n', "", "maker"),
        ("height = 720", "hight = 720", "screen.0"),
        ("[100, 50, 1100, 650]", "[100, 50, 1300, 650]", "screen.0"),
        ("[100, 50, 1100, 650]", "[100, 50, 1100]", "screen.0.box"),
        ("[100, 50, 1100, 650]", "[100.5, 50, 1100, 650]", "screen.0.box"),
        ("[0.05, 0.05]", "[5.0, 0.05]", "screen.0.mm_per_pixel.0"),
        ("[0.05, 0.05]", "[nan, 0.05]", "screen.0.mm_per_pixel.0"),
        ("0.01", '"small"', "screen.0.relative_uncertainty"),
        ("depth_mm = 30.0", "depth_mm = 0.3", "screen.0.depth_mm"),
        ("[[screen]]", "[[screens]]", "screen"),
        ('model = "Model"', 'model = "Model"\nprobe = "x"', "probe"),
        ("width = 1280\nheight = 720\n", "", "screen.0"),
    ],
)
def test_nonsense_is_refused_with_file_and_key(tmp_path: Path, change: str, to: str, key: str) -> None:
    assert change in GOOD
    with pytest.raises(ProfileError) as caught:
        read(written(tmp_path, GOOD.replace(change, to)))
    assert "trial.toml" in str(caught.value)
    assert f"key {key}" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("box", ["[0.5, 0.1, 0.4, 0.9]", "[0.1, 0.1, 1.2, 0.9]"])
def test_nonsense_for_all_sizes_is_refused(tmp_path: Path, box: str) -> None:
    text = f'maker = "M"\nmodel = "M"\n[[screen]]\nbox = {box}\ndepth_mm = 30.0\nrelative_uncertainty = 0.01\nsource = "s"\n'
    with pytest.raises(ProfileError, match="box"):
        read(written(tmp_path, text))


def test_what_is_not_toml_or_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"trial\.toml is not TOML"):
        read(written(tmp_path, "maker = "))
    with pytest.raises(ProfileError, match="cannot be read"):
        read(tmp_path / "none.toml")
    for name in ("nobody", "../simulated-portable", ""):
        with pytest.raises(ProfileError, match=r"there is .*simulated-portable"):
            load(name)
