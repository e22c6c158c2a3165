-- description: Amounts of money printed in bodies with the sign of a currency ($, £ or €); of a range, both ends.
-- grain: release_id, position
-- references: release_id in core.fact_release
-- warning: An amount printed twice stands twice: take a maximum of a release, not a sum.
-- column release_id: The release.
-- column position: Place among the amounts of the body, from 1.
-- column printed_as: As printed, such as `$23.5 million`; the lower end of a range with the whole range.
-- column amount: The number in the currency, such as 23500000; not additive.
-- column currency: ISO code; NZD where a plain $ is printed.
-- column is_currency_printed: False where NZD is understood.
create table core.money_amount (
    release_id varchar not null,
    position integer not null,
    printed_as varchar not null,
    amount decimal(18, 2) not null,
    currency varchar not null,
    is_currency_printed boolean not null
);
