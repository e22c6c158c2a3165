-- description: Amounts of money printed in texts with a currency sign ($, £ or €). A range has two rows, one for each
--     end.
-- grain: release_id, position
-- references: release_id in core.fact_release
-- warning: An amount printed twice has two rows: use the maximum of a release, not the sum.
-- column release_id: Id of the release; joins to releases and core.fact_release.
-- column position: Place among the amounts of the text, counted from 1.
-- column printed_as: Text of the amount as printed, such as `$23.5 million`; for the lower end of a range, the whole
--     range.
-- column amount: Amount as a number of currency units, such as 23500000; not additive.
-- column currency: ISO code of the currency; NZD where a plain $ is printed, which in a few releases means another
--     dollar.
-- column is_currency_printed: False if the text prints a plain $, so that NZD is assumed.
create table core.money_amount (
    release_id varchar not null,
    position integer not null,
    printed_as varchar not null,
    amount decimal(18, 2) not null,
    currency varchar not null,
    is_currency_printed boolean not null
);
