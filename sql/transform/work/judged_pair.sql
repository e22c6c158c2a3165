-- description: The pairs from which `flows.normalise.statements.judge_pairs` makes the rows of this table: those with
--     20 words or more that share 60 % of the shorter text. Each release is judged with at most five others, and by the
--     first 4,000 characters of its text, so that the rows have a limited size.
-- scope: judged
with chosen as (
    select *
    from work.text_pair
    where shared_share >= 0.6
    qualify row_number() over (partition by release_id order by near_release_id) <= 5
),

compared as (
    select release_id from chosen
    union
    select near_release_id as release_id from chosen
),

ministers as (
    select
        credit.release_id,
        list_sort(list(distinct credit.minister_id)) as minister_ids
    from work.credit
    inner join compared using (release_id)
    where credit.is_counted
    group by credit.release_id
),

releases as (
    select
        current_release.release_id,
        current_release.title,
        dated.nz_date,
        coalesce(ministers.minister_ids, []) as minister_ids
    from work.current_release
    inner join compared using (release_id)
    inner join work.dated using (release_id)
    left join ministers using (release_id)
    where current_release.word_count >= 20
)

select
    chosen.release_id,
    one.nz_date,
    one.title,
    one.minister_ids,
    left(coalesce(one_text.cleaned_body, one_text.body), 4000) as text,
    chosen.near_release_id,
    other.nz_date as near_nz_date,
    other.title as near_title,
    other.minister_ids as near_minister_ids,
    left(coalesce(other_text.cleaned_body, other_text.body), 4000) as near_text,
    chosen.shared_share,
    chosen.similarity
from chosen
inner join releases as one
    on chosen.release_id = one.release_id
inner join releases as other
    on chosen.near_release_id = other.release_id
inner join staging.release as one_text
    on chosen.release_row = one_text.rowid
inner join staging.release as other_text
    on chosen.near_release_row = other_text.rowid
