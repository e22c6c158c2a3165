-- description: The New Zealand day of releases whose printed date is a UTC date, where the release itself states it: in
--     its text ("today, Monday 31 July", "tomorrow (Friday)"), in the date line that the text begins with, or in the
--     name of an attached file. The New Zealand day is the printed day or the next; other days, and releases that state
--     both, settle nothing. The printed day itself is settled by the text alone, and not if the minister may be abroad,
--     where it is still the day before. A weekday alone counts only in brackets or between commas.
-- scope: content
create table work.stated_day as
with date_bases as (
    select
        from_date::date as from_date,
        date_basis
    from seeds.date_bases
),

printed as (
    select
        current_release.release_id,
        current_release.release_row,
        current_release.printed_date,
        current_release.printed_date + 1 as next_date,
        current_release.opening_date,
        current_release.attachments,
        coalesce(
            regexp_matches(array_to_string(current_release.portfolios, ';'), 'Foreign|Trade|Defence|Prime Minister'),
            false
        ) as is_maybe_abroad
    from work.current_release
    asof inner join date_bases
        on current_release.printed_date >= date_bases.from_date
    where date_bases.date_basis = 'utc_day' and not current_release.is_undated
),

phrases as (
    select
        printed.release_id,
        printed.printed_date,
        printed.is_maybe_abroad,
        lower(
            unnest(
                regexp_extract_all(
                    coalesce(release.cleaned_body, release.body),
                    '(?i)\b(?:today|tonight|tomorrow|yesterday|this\s(?:morning|afternoon|evening))[*_]*'
                    || '(?:,?\s*\(?|\son\s)[*_]*(?:'
                    || '(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?'
                    || '(?:\d{1,2}(?:st|nd|rd|th)?\s(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*'
                    || '|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\s\d{1,2})\b'
                    || '|(?:mon|tues|wednes|thurs|fri|satur|sun)day[,)])'
                )
            )
        ) as words
    from printed
    inner join staging.release
        on printed.release_row = release.rowid
),

-- Each phrase for both days that the release can be of.
possible as (
    select
        release_id,
        words,
        printed_date + unnest(if(is_maybe_abroad, [1], [0, 1])) as possible_date,
        possible_date + case
            when starts_with(words, 'tomorrow') then 1
            when starts_with(words, 'yesterday') then -1
            else 0
        end as named_date,
        regexp_extract(words, '(\d{1,2})', 1) as day_of_month,
        regexp_extract(words, '\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*', 1) as month_begins
    from phrases
),

files as (
    select
        release_id,
        next_date,
        regexp_extract(unnest(attachments), '[^/]*$') as file_name
    from printed
),

stated as (
    select
        release_id,
        possible_date as stated_date
    from possible
    where
        case
            when day_of_month <> ''
                then
                    day_of_month::integer = day(named_date)
                    and month_begins = lower(left(monthname(named_date), 3))
            else regexp_matches(words, '[,(]\s?' || lower(dayname(named_date)) || '[,)]$')
        end

    union all

    select
        release_id,
        next_date as stated_date
    from printed
    where opening_date = next_date

    union all

    select
        release_id,
        next_date as stated_date
    from files
    where regexp_matches(file_name, strftime(next_date, '(?:^|\D)%Y[-_. ]?%m[-_. ]?%d(?:\D|$)'))
)

select
    release_id,
    any_value(stated_date) as stated_date
from stated
group by release_id
having count(distinct stated_date) = 1;
