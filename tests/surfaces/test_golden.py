"""Every surface in every state: as it was, within Slack's limits, and as Slack's own models have it."""

from collections.abc import Callable

import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.surfaces.conftest import GOLDEN
from tests.surfaces.scenes import Built, Scene, is_view, problems
from tests.surfaces.states import STATES, SURFACES

# Blocks that are newer than the SDK.
NO_MODELS = {"data_visualization"}


@pytest.mark.parametrize("name", STATES)
def test_a_surface_looks_as_it_did(name: str, scene: Scene, golden: Callable[[str, Built], None]) -> None:
    golden(name, STATES[name](scene))


def test_every_golden_file_is_of_a_state() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(STATES)


@pytest.mark.parametrize("name", SURFACES)
def test_a_surface_is_within_slacks_limits(name: str, scene: Scene) -> None:
    assert problems(SURFACES[name](scene)) == []


@pytest.mark.parametrize("name", SURFACES)
def test_a_surface_is_what_slacks_own_models_understand(name: str, scene: Scene) -> None:
    """The SDK has models of blocks and of views, and none of a message as a whole."""
    built = SURFACES[name](scene)
    known = [block for block in built["blocks"] if block["type"] not in NO_MODELS]
    parsed = Block.parse_all(known)

    for block in parsed:
        block.validate_json()
    assert [block.to_dict() for block in parsed] == known
    if is_view(built):
        view = View(**built)
        view.validate_json()
        assert view.to_dict() == built


def test_every_line_of_the_playbook_fits_on_a_card(scene: Scene) -> None:
    for key, step in scene.playbook.steps.items():
        for variant in range(max(len(step.say), len(step.ask))):
            assert problems(scene.shown(key, variant=variant)) == []
