"""Mary’s story, which tests keep, verify and tell."""

from bot.coaching.ledger import Consent, Facts, Source

MARY = Facts(
    whose="Mary Somerville",
    source=Source.LETTER,
    consent=Consent.UNNAMED,
    agreed_how="In her letter",
    worry="cost",
    before="She was worried that the payments would never end.",
    turned="We wrote the last date on the first page.",
    now="It is paid, and she looks at the stars.",
)
