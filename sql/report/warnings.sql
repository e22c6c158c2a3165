-- title: Checks that warn
-- description: A build that fails a check is never published; these checks only warn.
select
    check_result.check_name,
    check_result.description,
    check_result.failing_count
from meta.check_result
where not check_result.is_passed
order by check_result.check_name
