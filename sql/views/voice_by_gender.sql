-- description: The share of women and men in what a government published, year by year. A joint release is divided
--     equally between its ministers, so that the shares of a government in a year sum to 1, except for rounding to six
--     places.
-- grain: government_id, year, gender
-- warning: A year in which the government changed has rows for both governments. The number of ministers differs
--     between the rows, so a larger share need not mean that each minister published more.
-- example: select year, gender, voice_share from voice_by_gender where government_id = 'fifth-labour'
-- metric gender_release_count: sum(release_share): Number of releases when each joint release is divided equally
--     between its ministers; additive.
-- column government_id: Id of the government in office on nz_date, such as `fifth-labour`; `unknown` for undated
--     releases.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column gender: Gender of the ministers, female or male; `(unknown)` if it is not known, `(nobody)` for releases that
--     credit nobody in office.
-- column minister_count: Number of different ministers credited; not additive over years; 0 if nobody is.
-- column release_count: Number of releases that credit a minister of the gender; not additive over the rows of a year.
-- column distinct_release_count: Number of different texts among the releases: copies of a joint statement count once;
--     not additive.
-- column release_share: Number of releases when each joint release is divided equally between its ministers; additive.
-- column voice_share: Share of the government's releases of the year, 0 to 1; additive within one government and year.
create or replace view main.voice_by_gender as
select
    government_id,
    government_name,
    year,
    gender,
    count(distinct minister_id) filter (where is_person) as minister_count,
    count(distinct release_id) as release_count,
    count(distinct twin_group_id) as distinct_release_count,
    round(sum(minister_share), 6) as release_share,
    round(sum(minister_share) / sum(sum(minister_share)) over (partition by government_id, year), 6) as voice_share
from main.release_ministers
group by government_id, government_name, year, gender
order by year, government_id, release_share desc;
