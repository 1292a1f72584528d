-- table:   school_groups                 grain: one row per school
-- reads:   schools, measure_numbers, numbered_schools, current_values
-- rule:    by what the model's errors are told apart; none of it ever earns a point. Fifths of the share of pupils who
--          had free school meals in six years, within phase, 5 the most disadvantaged; sizes are our choice
-- missing: 'not known', or NULL where the answer is yes or no
with free_meals as (
    select n.urn, c.value
    from current_values as c
    inner join numbered_schools as n on n.school_no = c.school_no
    inner join measure_numbers as m on m.measure_no = c.measure_no
    where m.measure_id = 'fsm6_pct' and c.value is not null
),
fifths as (
    select s.urn,
           cast(least(floor(5 * percent_rank() over (partition by s.phase_group order by f.value)), 4) + 1 as integer)
               as fifth
    from free_meals as f
    inner join schools as s on s.urn = f.urn
)
select s.urn, s.phase_group as phase,
       case when s.pupils is null then 'not known'
            when s.phase_group = 'secondary' then
                case when s.pupils < 600 then 'under 600' when s.pupils <= 1100 then '600 to 1,100'
                     else 'over 1,100' end
            else case when s.pupils < 100 then 'under 100' when s.pupils < 250 then '100 to 249'
                      when s.pupils <= 450 then '250 to 450' else 'over 450' end
       end as size_band,
       coalesce(cast(f.fifth as varchar), 'not known') as fsm_fifth,
       -- where a register newer than the day stands in for a school that has been replaced since, its type is not its own
       case when s.stands_in_urn is null then s.control = 'academy' end as is_academy,
       -- Ofsted's list leaves the character blank where it calls a school non-faith
       case when s.religious_character = 'Unknown' then null
            else coalesce(s.religious_character, 'None') not in ('Does not apply', 'None', 'Not applicable', '')
       end as has_religious_character,
       s.region
from schools as s
left join fifths as f on f.urn = s.urn
