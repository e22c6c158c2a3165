-- title: Names that await a decision
-- description: Printed names that no seed knows yet; each stands as a provisional member until somebody decides. The
--     twenty on most releases.
select
    names_to_review.printed_as,
    names_to_review.name_kind,
    names_to_review.release_count,
    names_to_review.nearest_name,
    names_to_review.example_release_id
from main.names_to_review
order by names_to_review.release_count desc, names_to_review.name_kind, names_to_review.printed_as
limit 20
