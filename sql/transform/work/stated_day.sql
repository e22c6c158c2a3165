-- description: The day that a release itself states: in its text ("today, Monday 31 July", "tomorrow (Friday)", "today
--     (14/7)"), in the date line or the embargo that the text begins with, or in the name of an attached file. Where
--     the printed date is a UTC date, the New Zealand day is the printed day or the next, and a statement of one of the
--     two settles it. The printed day itself is settled by the text alone, and not if the minister may be abroad, where
--     it is still the day before. A text that states days, but none that the release can be of, contradicts the printed
--     date (is_contradiction): stated_date is then the nearest of them, and words say where. A weekday alone counts
--     only in brackets, between commas or in an embargo, and for the nearest such day. A date line up to three days
--     away counts if it opens the text or is that of a statement, and no hour follows, as after the date of an event.
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
        current_release.printed_date,
        current_release.printed_date + if(date_bases.date_basis = 'utc_day', 1, 0) as last_date,
        current_release.opening_date,
        current_release.attachments,
        current_release.release_row,
        coalesce(
            regexp_matches(
                array_to_string(current_release.portfolios, ';'),
                'Foreign|Trade|(?:^|;)(?:Associate )?Defence|Prime Minister'
            ),
            false
        ) as is_maybe_abroad
    from work.current_release
    asof inner join date_bases
        on current_release.printed_date >= date_bases.from_date
    where not current_release.is_undated
),

-- Read once, and only what is found is kept: all texts at a time would not fit into memory.
texts as (
    select
        printed.release_id,
        replace(coalesce(release.cleaned_body, release.body), chr(160), ' ') as full_text,
        left(full_text, 400) as opening,
        regexp_extract_all(
            full_text,
            '(?i)\b(?:today|tonight|tomorrow|yesterday|this\s(?:morning|afternoon|evening))[*_]*'
            || '(?:,?\s*[(\[]?|\s[-–—]\s|\son\s)[*_]*(?:the\s)?(?:'
            || '(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+(?:the\s)?)?(?:'
            || '\d{1,2}(?:st|nd|rd|th)?(?:\sof)?\s(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*'
            || '|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\s\d{1,2}(?:st|nd|rd|th)?\b)'
            || '(?:,?\s(?:19|20)\d\d\b)?(?:[\w\s]{1,20}\stime\b)?[)\]]?'
            || '|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*(?:\s\d{1,2}(?:st|nd|rd|th)?)?'
            || '[,)\]](?:[\w\s]{1,20}\stime\b[)\]]?)?'
            || '|\d{1,2}/\d{1,2}(?:/\d\d(?:\d\d)?)?[)\]])'
        ) as spoken,
        regexp_extract_all(
            opening,
            '(?i)(?:^|\n)[\s*_>#(]*(embargo[^\n]{0,40}?(?:'
            || '(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day[,\s]+)?(?:'
            || '\d{1,2}(?:st|nd|rd|th)?\s(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*'
            || '|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\s\d{1,2}(?:st|nd|rd|th)?\b)'
            || '(?:,?\s(?:19|20)\d\d)?|(?:mon|tues|wednes|thurs|fri|satur|sun)day))',
            1
        ) as embargoes
    from printed
    inner join staging.release
        on printed.release_row = release.rowid
),

openings as materialized (
    select
        release_id,
        left(opening, 260) as opening,
        spoken || embargoes as phrases
    from texts
),

phrases as (
    select
        release_id,
        unnest(phrases) as words
    from openings
),

-- What each phrase names: a day of a month, a weekday with the day of the month, or only a weekday.
named as (
    select
        release_id,
        words,
        case
            when regexp_matches(words, '(?i)^tomorrow') then 1
            when regexp_matches(words, '(?i)^yesterday') then -1
            else 0
        end as days_ahead,
        regexp_extract(
            lower(words),
            '(?:(mon|tue|wed|thu|fri|sat|sun)?[a-z]*[(\[,\s]*(?:the\s)?)'
            || '(?:(\d{1,2})(?:st|nd|rd|th)?(?:\sof)?\s((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)'
            || '|((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\s(\d{1,2})(?:st|nd|rd|th)?\b)'
            || '(?:,?\s(\d{4}))?',
            ['weekday', 'day', 'month', 'month_before', 'day_after', 'year']
        ) as in_letters,
        regexp_extract(words, '(\d{1,2})/(\d{1,2})', ['day', 'month']) as in_digits,
        regexp_extract(
            lower(words),
            '[(\[,\s]((?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)(?:\s(\d{1,2})(?:st|nd|rd|th)?)?(?:[,)\]].*)?$',
            ['weekday', 'day']
        ) as in_week,
        in_letters['day'] || in_letters['day_after'] || in_digits['day'] || in_week['day'] as day_of_month,
        in_letters['month'] || in_letters['month_before'] as month_begins
    from phrases
    where not regexp_matches(words, '^Today \d') -- the name of a newspaper, such as Hawke's Bay Today
),

-- The days around the printed day of which each phrase is true: within two months, unless it names its year.
possible as (
    select
        named.*,
        unnest(range(-400, 401))::integer as days_off,
        printed.printed_date + days_off as possible_date,
        possible_date + named.days_ahead as named_date
    from named
    inner join printed using (release_id)
),

stated as (
    select
        release_id,
        words,
        arg_min(possible_date, (abs(days_off), days_off)) as stated_date,
        not regexp_matches(words, '(?i)^embargo.*day$') as is_phrase -- a lone weekday is often a slip
    from possible
    where
        case
            when month_begins <> ''
                then
                    day_of_month::integer = day(named_date)
                    and starts_with(lower(monthname(named_date)), month_begins)
                    and starts_with(lower(dayname(named_date)), in_letters.weekday)
                    and if(in_letters.year = '', abs(days_off) <= 62, in_letters.year::integer = year(named_date))
            when in_digits.month <> ''
                then
                    day_of_month::integer = day(named_date)
                    and in_digits.month::integer = month(named_date)
                    and abs(days_off) <= 62
            when in_week.day <> ''
                then
                    day_of_month::integer = day(named_date)
                    and starts_with(lower(dayname(named_date)), in_week.weekday)
                    and abs(days_off) <= 62
            else starts_with(lower(dayname(named_date)), nullif(in_week.weekday, '')) and abs(days_off) <= 3
        end
    group by release_id, words

    union all

    select
        printed.release_id,
        strftime(printed.opening_date, '%-d %B %Y') as words,
        printed.opening_date as stated_date,
        false as is_phrase
    from printed
    inner join openings using (release_id)
    where
        printed.opening_date between printed.printed_date and printed.last_date
        or abs(printed.opening_date - printed.printed_date) > 3
        or (
            regexp_matches(
                openings.opening, '(?i)^[\W_]*(?:[a-z]+day,?\s+)?(?:\d|[a-z]{3,9}\s\d)|(?:statement|release)\b'
            )
            and not regexp_matches(openings.opening, '\d{4}\s*\n\s*\d{1,2}(?:[.:]\d\d)?\s?[ap]\.?m')
        )
),

files as (
    select
        release_id,
        printed_date + 1 as next_date,
        regexp_extract(unnest(attachments), '[^/]*$') as file_name
    from printed
    where last_date > printed_date
),

days as (
    select
        stated.release_id,
        stated.stated_date,
        stated.words,
        abs(stated.stated_date - printed.printed_date) as days_apart,
        stated.stated_date between printed.printed_date and printed.last_date as is_possible,
        printed.last_date > printed.printed_date
        and stated.stated_date between
        printed.printed_date + if(stated.is_phrase and not printed.is_maybe_abroad, 0, 1) and printed.last_date
            as is_evidence,
        stated.is_phrase,
        stated.is_phrase
        and stated.stated_date = printed.printed_date - 1
        and (printed.is_maybe_abroad or regexp_matches(stated.words, '(?i)time[)\]]?$')) as is_abroad
    from stated
    inner join printed using (release_id)

    union all

    select
        release_id,
        next_date as stated_date,
        file_name as words,
        1 as days_apart,
        true as is_possible,
        true as is_evidence,
        false as is_phrase,
        false as is_abroad
    from files
    where regexp_matches(file_name, strftime(next_date, '(?:^|\D)%Y[-_. ]?%m[-_. ]?%d(?:\D|$)'))
),

marked as (
    select
        *,
        bool_or(is_phrase) over (partition by release_id) as has_phrase
    from days
),

-- What a text says of "today" or of an embargo goes before the date that it opens with, which can be that of a draft.
judged as (
    select
        *,
        not bool_or(is_possible or is_abroad) filter (is_phrase or not has_phrase) over of_release as is_contradiction
    from marked
    window of_release as (partition by release_id)
    qualify if(is_contradiction, not is_possible and is_phrase = has_phrase, is_evidence)
)

select
    release_id,
    any_value(is_contradiction) as is_contradiction,
    arg_min(stated_date, (days_apart, stated_date)) as stated_date,
    regexp_replace(arg_min(words, (days_apart, stated_date, words)), '\s+', ' ', 'g') as words
from judged
group by release_id
having any_value(is_contradiction) or count(distinct stated_date) = 1;
