-- description: Printed names that no rule could decide but that are missing from meta.name_review, or names listed
--     there although they are decided.
-- severity: fail
with undecided as (
    select
        'minister' as name_kind,
        credited_as as printed_as
    from core.minister_alias
    where rule in ('provisional', 'unresolved')

    union all

    select
        'portfolio' as name_kind,
        tagged_as as printed_as
    from core.portfolio_alias
    where rule in ('provisional', 'unresolved')
)

select
    coalesce(undecided.name_kind, name_review.name_kind) as name_kind,
    coalesce(undecided.printed_as, name_review.printed_as) as printed_as
from undecided
full join meta.name_review
    on undecided.name_kind = name_review.name_kind and undecided.printed_as = name_review.printed_as
where undecided.printed_as is null or name_review.printed_as is null
