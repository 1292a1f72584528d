-- table:   similar_schools               grain: one row per school and similar school
-- reads:   similar_points, unplaced (the schools that have no group yet)
-- rule:    the nearest schools of the same band, where $wanted are within $reach; on the last look wherever they are
-- missing: a school without an intake has no row; one of a small band has fewer than $wanted
-- a school's own cell and those around it hold everything within the reach: what is further is never compared
with cells as (
    select *,
           cast(floor(fsm6 / $reach) as integer) as fsm6_cell, cast(floor(size / $reach) as integer) as size_cell,
           case when $is_last then 0 else cast(floor(eal / $reach) as integer) end as eal_cell,
           -- within a short reach everybody has the same character
           case when $is_last or $reach * $reach >= other_character then -1 else character_no end as character_cell
    from similar_points
),
steps as (
    select -1 as step union all select 0 union all select 1
),
sought as (
    select c.*, c.fsm6_cell + f.step as near_fsm6, c.size_cell + s.step as near_size, c.eal_cell + e.step as near_eal
    from cells as c
    inner join unplaced as u on u.urn = c.urn
    cross join steps as f
    cross join steps as s
    cross join steps as e
),
-- nobody is like a school in a part that is known of it and not of them: such a distance is NULL
pairs as (
    select a.school_no, b.school_no as similar_no,
           a.stretch * (
               (a.fsm6 - b.fsm6) * (a.fsm6 - b.fsm6) + (a.size - b.size) * (a.size - b.size)
               + case when a.eal is null then 0 else (a.eal - b.eal) * (a.eal - b.eal) end
               + case when a.prior is null then 0 else (a.prior - b.prior) * (a.prior - b.prior) end
               + case when a.settled is null then 0 else (a.settled - b.settled) * (a.settled - b.settled) end
               + case when a.character_no is null or a.character_no = b.character_no then 0
                      when b.character_no is not null then a.other_character end) as squared
    from sought as a
    inner join cells as b
        on b.band_no = a.band_no and b.fsm6_cell = a.near_fsm6 and b.size_cell = a.near_size
        and b.eal_cell = a.near_eal and b.character_cell = a.character_cell
    where a.school_no <> b.school_no
),
within_reach as (
    select school_no, similar_no, round(sqrt(squared), 6) as distance from pairs where squared <= $reach * $reach
),
-- the others are sought again, further away
found as (
    select school_no from within_reach group by school_no having count(*) >= $wanted or $is_last
),
placed as (
    select w.school_no, w.similar_no, w.distance,
           row_number() over (partition by w.school_no order by w.distance, w.similar_no) as place
    from within_reach as w
    inner join found as f on f.school_no = w.school_no
),
final as (
    select a.urn, b.urn as similar_urn, cast(p.place as integer) as place, p.distance
    from placed as p
    inner join similar_points as a on a.school_no = p.school_no
    inner join similar_points as b on b.school_no = p.similar_no
    where p.place <= $wanted
)
select * from final
