-- table:   schools                       grain: one row per open state-funded school
-- reads:   register_rows, school_places, stg_localities_rows, stg_census_rows, lookups
-- rule:    an LA's schools are those of the newest register release that covers it, and of one newer than the day those
--          that it lacks and that were open; what is left out is in
--          left_out_schools; a register newer than the day gives names and types, and no roll: the census does
-- missing: a fact that no release has is NULL; a school of which neither phase nor ages are known is left out
with known as (
    select * from register_rows
    where is_la_known and is_type_known and laestab is not null
),
releases_of_la as (
    select la_code, release_id, is_later, release_as_at,
           count(*) filter (is_open and is_state_funded) as schools
    from known
    group by all
),
-- a release speaks for an LA unless it holds less than half of the most that any has
speakers as (
    select *, row_number() over (
                  partition by la_code
                  order by is_later, if(is_later, release_as_at - date '2000-01-01', date '2100-01-01' - release_as_at),
                           release_id
              ) as place
    from releases_of_la
    where schools > 0
    qualify schools * 2 >= max(schools) over (partition by la_code)
),
-- an LA that was abolished speaks only while none of those that took it over does, and one that is not there yet
-- only where its forerunner is not heard
heard as (
    select s.la_code, s.release_id
    from speakers as s
    where s.place = 1
        and not exists (
            from la_changes as c
            inner join speakers as other
                on other.place = 1 and other.la_code = if(c.changed_on::date <= $as_at, c.new_code, c.old_code)
            where c.old_code <> c.new_code and s.la_code = if(c.changed_on::date <= $as_at, c.old_code, c.new_code)
                and (c.changed_on::date <= $as_at or not other.is_later)
        )
),
-- a school that the register of the day does not have, and a later one has: open on the day, it is on the register
roster as (
    select k.*
    from known as k
    inner join heard as s on s.la_code = k.la_code
    where k.is_open and k.is_state_funded
        and (k.release_id = s.release_id
             or k.is_later and coalesce(k.open_date <= $as_at, true)
                and k.urn not in (select urn from known where not is_later))
    qualify row_number() over (
        partition by k.urn
        order by k.release_id <> s.release_id, k.is_later,
                 if(k.is_later, k.release_as_at - date '2000-01-01', date '2100-01-01' - k.release_as_at), k.la_code,
                 k.release_id, k.row_number
    ) = 1
),
-- what the speaking release does not say, another register release may
others as (
    select urn,
           first(capacity order by is_later, release_as_at desc) filter (capacity > 0) as capacity,
           first(pupils order by release_as_at desc) filter (pupils is not null and not is_later) as pupils,
           first(published_on order by is_later, release_as_at desc) filter (capacity > 0) as capacity_published_on,
           first(published_on order by release_as_at desc)
               filter (pupils is not null and not is_later) as pupils_published_on,
           first(diocese order by is_later, release_as_at desc)
               filter (diocese not in ('Not applicable', '')) as diocese,
           first(open_date order by is_later, release_as_at desc) filter (open_date is not null) as open_date,
           first(low_age order by is_later, release_as_at desc) filter (low_age is not null) as low_age,
           first(high_age order by is_later, release_as_at desc) filter (high_age is not null) as high_age,
           first(trust_name order by is_later, release_as_at desc) filter (trust_name is not null) as trust_name,
           first(trust_uid order by is_later, release_as_at desc) filter (trust_uid is not null) as trust_uid,
           first(ofsted_phase order by is_later, release_as_at desc)
               filter (ofsted_phase not in ('Not applicable', '')) as ofsted_phase,
           first(laestab order by is_later, release_as_at desc) as laestab
    from known
    group by urn
),
-- a later register's roll is not known yet on the day
counted as (
    select urn, pupils, published_on
    from stg_census_rows
    where scope = 'school' and pupils > 0 and published_on <= $as_at
    qualify row_number() over (partition by urn order by period desc, published_on desc, release_id, row_number) = 1
),
localities as (
    select urn, first(locality order by imported_at desc) as locality
    from stg_localities_rows
    where scope = 'school' and locality is not null
    group by urn
),
complete as (
    select r.urn, r.laestab, r.name, r.la_code, coalesce(a.la_name, r.la_name) as la_name, a.region, l.locality,
           r.type_label as type, r.control, r.is_mainstream,
           coalesce(nullif(r.ofsted_phase, 'Not applicable'), o.ofsted_phase) as ofsted_phase,
           coalesce(r.low_age, o.low_age) as low_age, coalesce(r.high_age, o.high_age) as high_age,
           if(r.is_later, coalesce(o.pupils, n.pupils), coalesce(r.pupils, o.pupils)) as pupils, o.capacity,
           -- from when on the roll and the places are both known: a rule reads them, so they are evidence
           greatest(case when r.is_later then coalesce(o.pupils_published_on, n.published_on)
                         when r.pupils is null then o.pupils_published_on else r.published_on end,
                    o.capacity_published_on) as places_published_on,
           case when r.control = 'academy' then coalesce(r.trust_uid, o.trust_uid) end as trust_uid,
           case when r.control = 'academy' then coalesce(r.trust_name, o.trust_name) end as trust_name,
           coalesce(r.open_date, o.open_date) as open_date, r.religious_character, o.diocese, r.postcode,
           p.easting, p.northing, r.admissions = 'Selective' as is_selective,
           r.type_label in ('University technical college', 'Studio school') as is_technical,
           r.release_id as register_release_id, r.row_number as register_row, r.stands_in_urn
    from roster as r
    inner join local_authorities as a using (la_code)
    left join others as o using (urn)
    left join school_places as p using (urn)
    left join counted as n using (urn)
    left join localities as l using (urn)
),
-- a middle school is deemed to be what most of its years are; half and half (9 to 13) is deemed secondary
aged as (
    select *,
           coalesce(ofsted_phase in ('Secondary', '16 plus', 'Middle deemed secondary'), false) as is_named_secondary,
           coalesce(ofsted_phase in ('Primary', 'Middle deemed primary'), false) as is_named_primary,
           low_age between 8 and 10 and high_age between 12 and 14 as has_middle_ages,
           if(low_age >= 11 or high_age >= 14, true, 11 - low_age <= high_age - 11) as has_secondary_ages
    from complete
),
phased as (
    select *,
           case
               when type in ('Pupil referral unit') or type ilike '%alternative provision%' then 'alternative provision'
               when type ilike '%special%' then 'special'
               when ofsted_phase = 'Nursery' or type = 'Local authority nursery school' then 'nursery'
               when low_age <= 7 and high_age >= 16 or ofsted_phase = 'All-through' then 'all-through'
               when has_middle_ages or ofsted_phase ilike 'Middle deemed%' and coalesce(high_age between 12 and 15, true)
                   then 'middle'
               when is_named_secondary then 'secondary'
               when low_age >= 7 and high_age = 11 then 'junior'
               when high_age between 5 and 8 then 'infant'
               when high_age between 9 and 10 then 'first'
               when is_named_primary then 'primary'
               -- the register names no phase: the ages do
               when has_secondary_ages then 'secondary'
               when high_age <= 11 or not has_secondary_ages then 'primary'
           end as phase
    from aged
),
final as (
    select urn, laestab, name, la_code, la_name, region, locality, phase,
           case
               when phase in ('special', 'alternative provision', 'nursery') then phase
               when phase in ('all-through', 'secondary') or is_named_secondary then 'secondary'
               when phase = 'middle' and not is_named_primary and has_secondary_ages then 'secondary'
               else 'primary'
           end as phase_group,
           type, control, is_mainstream,
           case control when 'maintained' then 'LA support' when 'academy' then 'regional director'
                else 'out of scope' end as route,
           trust_uid, trust_name, pupils, capacity, places_published_on, low_age, high_age, open_date, religious_character, diocese,
           postcode, easting, northing, is_selective, is_technical,
           -- a year group's size, for releases that give no pupil counts: roll over the years that the school has
           round(pupils / greatest(high_age - low_age, 1)) as year_group_estimate,
           register_release_id, register_row, stands_in_urn
    from phased
    -- which rules apply to a school of no known phase or ages, nobody can say
    where phase is not null
)
select * from final
order by urn
