-- description: The releases of `found` that have each of the chosen values and are of the given days.
select
    found.search_number,
    found.rank,
    found.matched_words,
    found.missing_words,
    found.read_as,
    found.copy_of
from found
inner join core.fact_release using (search_number)
where
    ($since is null or fact_release.nz_date >= $since::date)
    and ($until is null or fact_release.nz_date <= $until::date)
    and (
        len($chosen::integer[]) = 0
        or found.search_number in (
            select facet_row.search_number
            from memory.main.facet_row
            where list_contains($chosen::integer[], facet_row.value_number)
            group by facet_row.search_number
            having count(*) = len($chosen::integer[])
        )
    )
