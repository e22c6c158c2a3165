-- description: Who is named in which release: credited or not, likely quoted or not.
-- grain: release_id, minister_id
-- warning: Named is not announced: a list of ministers, a thank-you and an attack name people, too. is_quoted is found
--     by rule and right in 19 of 20 cases; a release that quotes only `the Minister` quotes nobody here.
-- example: select title, minister_name from mentions where release_id = '2003-06-17-nz-becomes-100th-member-iom'
-- metric named_release_count: count(distinct release_id): Releases that name somebody; not additive over ministers.
-- metric uncredited_quote_count: count(distinct case when is_in_office and is_quoted and not is_credited and not
--     is_credited_on_twin then release_id end): Releases that quote somebody in office and do not credit them, nor does
--     a twin; not additive over ministers.
-- metric name_count: sum(mention_count): How often people are named; additive.
-- column release_id: Joins to releases.
-- column title: As printed.
-- column nz_date: The best known New Zealand day; NULL where nothing is known.
-- column government_name: In office on that day; Unknown where undated.
-- column minister_id: Joins to ministers.
-- column minister_name: Display name.
-- column method: full_name; alias, where only a known other name stands there; title, where only a title and the
--     surname do (counted for people whom the release credits).
-- column mention_count: How often the text names them; additive.
-- column first_place: Of the first name, in characters of the cleaned body from 1.
-- column is_credited: The front matter credits them, and they were in office.
-- column is_credited_on_twin: A twin of the same text credits them, and this release does not.
-- column is_in_office: In office then, as their credits tell: within 45 days of them, in a government they served in.
-- column is_quoted: The text says that they say something.
-- column is_announcing: The text says that they announce, launch or welcome something.
create or replace view main.mentions as
select
    mention.release_id,
    fact_release.title,
    fact_release.nz_date,
    dim_government.government_name,
    mention.minister_id,
    dim_minister.minister_name,
    mention.method,
    mention.mention_count,
    mention.first_place,
    mention.is_credited,
    mention.is_credited_on_twin,
    mention.is_in_office,
    mention.is_quoted,
    mention.is_announcing
from core.mention
inner join core.fact_release using (release_id)
inner join core.dim_government using (government_id)
inner join core.dim_minister using (minister_id);
