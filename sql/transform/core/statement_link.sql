-- description: The pairs from which `flows.normalise.statements.find_links` makes the rows of this table.
-- scope: whole
select
    judged_pair.release_id,
    one.twin_group_id,
    judged_pair.near_release_id,
    other.twin_group_id as near_twin_group_id,
    judged_pair.rule,
    judged_pair.shared_share,
    judged_pair.similarity
from work.judged_pair
inner join work.twin as one
    on judged_pair.release_id = one.release_id
inner join work.twin as other
    on judged_pair.near_release_id = other.release_id
