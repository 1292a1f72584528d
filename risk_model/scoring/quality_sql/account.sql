-- table:   account                       grain: one row per group of rows of a release
-- reads:   seen (the release's rows), standing, type_codes
-- rule:    every row is in exactly one group, so that they add up to the rows of the file
-- missing: a school that no register knows is in the group 'unknown', or 'not_judged' where the file says its kind
with told as (
    select s.row_number, s.urn,
           case when s.scope is null then 'nobody'
                when s.scope <> 'school' then s.scope
                when s.is_repeated then 'repeated'
                when g.standing is not null then g.standing
                when c.group_name in ('independent', 'college') then 'not_judged'
                else 'unknown' end as group_name
    from seen as s
    left join standing as g using (urn)
    left join type_codes as c on c.type = s.type_in_file
),
final as (
    select group_name, count(*) as rows, count(distinct urn) as schools, min(row_number) as first_row
    from told
    group by group_name
)
select * from final order by group_name
