"""The codes of the rules that a schema declares: what there is to know about each way to break one."""

from collections.abc import Mapping
from typing import Final

from xlreport.checks.catalogue import Code

__all__ = ["RULES"]

RULES: Final[Mapping[str, Code]] = {
    "sum-differs": Code(
        "Parts do not add up to the whole",
        "Values that together should make a total make another one. Empty values are passed over.",
        "One of the figures is wrong, or a part is missing: the report would show both.",
        "Milestones of 600.00 and 390.00 in a contract of 1,000.00.",
        "Correct the part that is wrong, add the one that is missing, or correct the total. The message "
        "shows both figures and the difference.",
    ),
    "sum-too-high": Code(
        "Parts add up to more than the whole",
        "Values add up to more than is allowed for them.",
        "More than everything cannot have been delivered, paid or contributed; often a part stands twice.",
        "Deliveries of 1,200.00 in a contract of 1,000.00.",
        "Look for the part that is too high or stands twice, or correct the total.",
    ),
    "sum-too-low": Code(
        "Parts add up to less than they must",
        "Values add up to less than is asked for.",
        "A part is probably missing.",
        "Payments of 900.00 in a contract of 1,000.00 that is fully paid.",
        "Add the part that is missing, or correct the total.",
    ),
    "count-differs": Code(
        "There are more or fewer than there should be",
        "A list does not have as many entries as is said elsewhere.",
        "An entry is missing, or stands twice, or the number is out of date.",
        "Three deliveries where the number of deliveries is 4.",
        "Add or remove an entry, or correct the number.",
    ),
    "count-too-high": Code(
        "There are too many",
        "A list has more entries than the rule allows.",
        "What there can be only one of, or a few, most often stands twice.",
        "Two partners with the role of the customer in one contract.",
        "Take out what does not belong there.",
    ),
    "count-too-low": Code(
        "There are too few",
        "A list has fewer entries than the rule asks for.",
        "The record is not complete.",
        "A framework without any call-off.",
        "Add what is missing.",
    ),
    "out-of-order": Code(
        "Days or numbers are in the wrong order",
        "A day comes before the one that it should follow, or a number is less than the one before it.",
        "One of the two is wrong: a contract that ends before it begins falls into no period.",
        '"signedDate": "2017-03-01", "inForceDate": "2017-02-01".',
        "Correct the one that is wrong; the finding points at the later of the two. Often day and month are "
        "the wrong way round.",
    ),
    "values-differ": Code(
        "Values differ that should be the same",
        "A value should be the same as another one of the record, and is not. Capitals count.",
        "Amounts in two currencies cannot be added up, and of two values for the same thing one is wrong.",
        "A milestone in EUR in a contract in USD.",
        "Correct the one that is wrong; the finding points at the second.",
    ),
    "missing-by-rule": Code(
        "A value is missing that this record needs",
        "The field may be empty, but not in a record like this one.",
        "What is said of the record cannot be placed without it, such as since when it is cancelled.",
        "A cancelled contract without the day of its cancellation.",
        "Fill the value in; the finding points at the empty cell under its heading.",
    ),
    "out-of-range": Code(
        "A value lies outside its limits",
        "The value is below the least, or above the most, that the rule allows for it.",
        "Most often a slip of the pen: a digit too many, or another year.",
        "A share of 120, where it lies between 0 and 100.",
        "Correct the value, or the limit where that is a field of the record.",
    ),
    "repeated-value": Code(
        "A value stands twice in a record",
        "Entries of a list should all have another value, and two have the same.",
        "What has the same id is taken for the same thing, and counted once or twice as chance has it.",
        "Two milestones with the id M1 in one contract.",
        "Give each its own, or take one of the two out. The message names the first, the finding the second.",
    ),
    "value-not-listed": Code(
        "A value is none of those it can be",
        "The value should be one of a list, which stands in the record itself or in the rule.",
        "It leads nowhere: what was delivered would belong to no item.",
        'A delivery of item "3" in a contract with the items 1 and 2.',
        "Choose one of the list, or add what is missing to it.",
    ),
    "not-comparable": Code(
        "A value is of another kind than its rule is for",
        "A rule compares numbers, or days, or texts, and this value is none of them.",
        "A number and a text have no order, and cannot be added up.",
        '"amount": "on request" in a field that a rule adds up, and that the schema allows to be text.',
        "Correct the value, or say in the schema what type the field is of.",
    ),
}
