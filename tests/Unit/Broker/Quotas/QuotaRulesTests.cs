using System.Collections.Immutable;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Quotas;
using Xunit;

namespace Moldau.Unit.Broker.Quotas;

public class QuotaRulesTests
{
    private static readonly QuotaSubject User = QuotaSubject.Of("u");
    private static readonly QuotaSubject Client = QuotaSubject.Of("c");

    // From the nearest to the widest, and who shares a limit that is found there.
    private static readonly (QuotaEntity Entity, QuotaMeterKey Key)[] Levels =
    [
        (new(User, Client), new(QuotaLimit.Produce, "u", "c")),
        (new(User, QuotaSubject.Default), new(QuotaLimit.Produce, "u", "c")),
        (new(User), new(QuotaLimit.Produce, "u", null)),
        (new(QuotaSubject.Default, Client), new(QuotaLimit.Produce, "u", "c")),
        (new(QuotaSubject.Default, QuotaSubject.Default), new(QuotaLimit.Produce, "u", "c")),
        (new(QuotaSubject.Default), new(QuotaLimit.Produce, "u", null)),
        (new(ClientId: Client), new(QuotaLimit.Produce, null, "c")),
        (new(ClientId: QuotaSubject.Default), new(QuotaLimit.Produce, null, "c")),
    ];

    [Fact]
    public void The_nearest_of_eight_levels_counts_and_says_who_shares_it()
    {
        // All 256 sets of levels.
        for (var set = 0; set < 1 << Levels.Length; set++)
        {
            var rules = new QuotaRules(Of(Levels.Index().Where(level => (set >> level.Index & 1) != 0).Select(level => (level.Item.Entity, level.Index + 1.0))));
            var found = rules.Find(QuotaLimit.Produce, "u", "c");
            if (set == 0) Assert.Null(found);
            else Assert.Equal(new QuotaShare(int.TrailingZeroCount(set) + 1, Levels[int.TrailingZeroCount(set)].Key), found);
        }
    }

    [Fact]
    public void A_level_without_this_limit_is_passed_over_and_others_are_not_meant()
    {
        var quotas = Of([(Levels[2].Entity, 3)]).Add(Levels[0].Entity, Stored("consumer_byte_rate", 7));
        var rules = new QuotaRules(quotas);
        Assert.Equal(3, rules.Find(QuotaLimit.Produce, "u", "c")!.Value.Limit);
        Assert.Equal(7, rules.Find(QuotaLimit.Fetch, "u", "c")!.Value.Limit);
        Assert.Null(rules.Find(QuotaLimit.Produce, "v", "c"));
        Assert.Null(rules.Find(QuotaLimit.RequestTime, "u", "c"));
        Assert.False(rules.Has(QuotaLimit.RequestTime));
    }

    [Fact]
    public void An_address_has_its_own_limit_in_whatever_way_it_is_written_or_that_of_all()
    {
        var rules = new QuotaRules(ImmutableDictionary<QuotaEntity, Stored<QuotaRecord>>.Empty
            .Add(new QuotaEntity(Address: QuotaSubject.Of("2001:DB8:0::1")), Stored("connection_creation_rate", 5))
            .Add(new QuotaEntity(Address: QuotaSubject.Of("::ffff:10.0.0.1")), Stored("connection_creation_rate", 6))
            .Add(new QuotaEntity(Address: QuotaSubject.Default), Stored("connection_creation_rate", 9)));
        Assert.Equal((5, 6, 9), (rules.OfAddress("2001:db8::1"), rules.OfAddress("10.0.0.1"), rules.OfAddress("10.0.0.2")));
        Assert.False(rules.LimitsClients);
    }

    private static ImmutableDictionary<QuotaEntity, Stored<QuotaRecord>> Of(IEnumerable<(QuotaEntity Entity, double Limit)> limits) =>
        limits.ToImmutableDictionary(limit => limit.Entity, limit => Stored("producer_byte_rate", limit.Limit));

    private static Stored<QuotaRecord> Stored(string name, double limit) => new(new QuotaRecord(new Dictionary<string, double> { [name] = limit }), 1);
}
