-- title: Checks with warnings
-- description: Checks that found something to look at. They do not prevent publication; a build that fails any other
--     check is never published.
select
    check_result.check_name,
    check_result.description,
    check_result.failing_count
from meta.check_result
where not check_result.is_passed
order by check_result.check_name
