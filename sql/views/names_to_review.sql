-- description: Printed names that no seed knows, with where they stand; nothing is lost while they wait.
-- grain: name_kind, printed_as
-- column name_kind: minister or portfolio.
-- column printed_as: The string as printed.
-- column member_id: The provisional member it was given, or `unresolved`.
-- column rule: provisional or unresolved.
-- column reason: Why it awaits review.
-- column release_count: Releases that print it.
-- column first_release_date: Earliest printed date; NULL where none is dated.
-- column last_release_date: Latest printed date; NULL where none is dated.
create or replace view main.names_to_review as
select
    'minister' as name_kind,
    minister_alias.credited_as as printed_as,
    minister_alias.minister_id as member_id,
    minister_alias.rule,
    minister_alias.reason,
    minister_alias.release_count,
    minister_alias.first_release_date,
    minister_alias.last_release_date
from core.minister_alias
where minister_alias.rule in ('provisional', 'unresolved')

union all

select
    'portfolio' as name_kind,
    portfolio_alias.tagged_as as printed_as,
    portfolio_alias.portfolio_id as member_id,
    portfolio_alias.rule,
    portfolio_alias.reason,
    portfolio_alias.release_count,
    portfolio_alias.first_release_date,
    portfolio_alias.last_release_date
from core.portfolio_alias
where portfolio_alias.rule in ('provisional', 'unresolved')
order by name_kind, release_count desc, printed_as;
