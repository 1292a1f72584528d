-- table:   similar_points                grain: one row per school that can have a group
-- reads:   intakes
-- rule:    each part of the intake as a coordinate, so that the distance of two schools is that of two points
-- missing: a coordinate is NULL where the part is not known of the school, or does not count in its band
-- numbers stand for schools and bands: millions of texts would be compared otherwise
with bands as (
    select band, row_number() over (order by band) as band_no, max(weight) as weight
    from intakes
    where missing_reason is null
    group by band
),
final as (
    select cast(row_number() over (order by i.urn) as integer) as school_no, i.urn, cast(b.band_no as integer) as band_no,
           i.fsm6_z * sqrt(i.fsm6_weight / b.weight) as fsm6, i.size_z * sqrt(i.size_weight / b.weight) as size,
           i.eal_z * sqrt(i.eal_weight / b.weight) as eal, i.prior_z * sqrt(i.prior_weight / b.weight) as prior,
           i.settled_z * sqrt(i.settled_weight / b.weight) as settled,
           case i.character when 'none' then 0 when 'Church of England' then 1 when 'Roman Catholic' then 2
                when 'another' then 3 end as character_no,
           -- another character counts as half a standard deviation
           0.25 * i.character_weight / b.weight as other_character,
           -- the mean is over the parts that the school itself is known by
           b.weight / i.weight as stretch
    from intakes as i
    inner join bands as b on b.band = i.band
    where i.missing_reason is null
)
select * from final
