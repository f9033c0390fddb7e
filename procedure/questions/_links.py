"""Links: what a record names has to be in it. A name that leads nowhere is asked about, not dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from annotation.vocabulary import REGIONS, VESSELS
from procedure.encounter import Encounter
from procedure.questions._question import Question
from procedure.vessels import VARIANTS
from procedure.walk import leaves

#: Fields that name something: the field's name, and what has to bear it.
_IMAGES = ("image_uid", "image_uids", "best_image_uid")
_VESSELS = ("vessel_uid", "nearest_vessel_uid", "finding_uids")
_REGIONS = frozenset(term.id for term in REGIONS)
_TERMS = frozenset(term.id for term in VESSELS)


def asked(encounter: Encounter) -> Iterator[Question]:
    """Questions about names that lead nowhere, and about things that have one name twice."""
    images = Counter(image.image_uid for image in encounter.images)
    vessels = Counter(vessel.tracking_uid for vessel in encounter.vessels)
    products = Counter(product.product_id for product in encounter.products)
    plans = Counter(plan.plan_id for plan in encounter.plans)
    for name, counted in (("images", images), ("vessels", vessels), ("products", products), ("plans", plans)):
        for key, times in counted.items():
            if times > 1:
                yield Question("twice", name, f"Is {key or 'a blank id'} there {times} times, and which one is meant?")
    for place, injection in enumerate(encounter.injections):
        if injection.product_id and injection.product_id not in products:
            yield Question("no-product", f"injections[{place}].product_id", "Which product is meant? None has this id.")
        if injection.plan_id and injection.plan_id not in plans:
            yield Question("no-plan", f"injections[{place}].plan_id", "Which plan is meant? None has this id.")
    for place, plan in enumerate(encounter.plans):
        if plan.product_id and plan.product_id not in products:
            yield Question("no-product", f"plans[{place}].product_id", "Which product is meant? None has this id.")
    for place, vessel in enumerate(encounter.vessels):
        for variant in vessel.variants:
            if vessel.term and variant not in VARIANTS.get(vessel.term, ()):
                where = f"vessels[{place}].variants"
                yield Question(
                    "variant-other", where, f"Is {variant} a variant of this vessel? The vocabulary has it of another."
                )
    for where, field, value in leaves(encounter):
        if field.name in _IMAGES and value not in images and not where.startswith("images["):
            yield Question("no-image", where, "Which image is meant? The encounter lists none with this UID.")
        if field.name in _VESSELS and value not in vessels:
            yield Question("no-vessel", where, "Which vessel is meant? The encounter lists none with this UID.")
        if field.name == "region" and value and value not in _REGIONS:
            yield Question("no-region", where, f"Which region is meant? The vocabulary has none {value!r}.")
        if field.name == "term" and value and value not in _TERMS:
            yield Question("no-term", where, f"Which vessel is meant? The vocabulary has none {value!r}.")
