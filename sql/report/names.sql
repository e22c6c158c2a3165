-- title: Names that await a decision
-- description: The twenty names on most releases among those that no seed knows yet. Each has a provisional entry
--     until somebody decides.
select
    names_to_review.printed_as,
    names_to_review.name_kind,
    names_to_review.release_count,
    names_to_review.nearest_name,
    names_to_review.example_release_id
from main.names_to_review
order by names_to_review.release_count desc, names_to_review.name_kind, names_to_review.printed_as
limit 20
