-- description: Governments under which the signs of who held a portfolio differ from those of the build before.
create table work.touched_government as
-- noqa: disable=AL10,LT11
select government_id from (from work.office_sign except from before.office_sign)
union
select government_id from (from before.office_sign except from work.office_sign);
