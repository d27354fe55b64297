using Moldau.Protocol.Messages;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Quotas;

/// <summary>Whom and what limits are for is told in Kafka's order: clients compare answers as they stand.</summary>
public class QuotaAnswerTests
{
    [Fact]
    public async Task Parts_and_limits_are_told_in_Kafkas_order_however_they_were_sent()
    {
        await using var broker = await TestBroker.StartAsync();
        using var admin = await broker.ConnectAsync("admin");
        var entry = new AlterClientQuotasRequest.Entry { Entity = [new() { EntityType = "user", EntityName = "alice" }, new() { EntityType = "client-id", EntityName = null }] };
        foreach (var key in new[] { "producer_byte_rate", "request_percentage", "controller_mutation_rate", "consumer_byte_rate" }) entry.Ops.Add(new() { Key = key, Value = 1000 });
        foreach (var validateOnly in new[] { true, false })
        {
            var altered = await admin.AskAsync<AlterClientQuotasResponse>(ApiKey.AlterClientQuotas, 1, new AlterClientQuotasRequest { Entries = [entry], ValidateOnly = validateOnly });
            Assert.Equal([("client-id", null), ("user", "alice")], altered.Entries[0].Entity.Select(static part => (part.EntityType, part.EntityName)));
        }

        var told = Assert.Single((await admin.AskAsync<DescribeClientQuotasResponse>(ApiKey.DescribeClientQuotas, 1, new DescribeClientQuotasRequest())).Entries!);
        Assert.Equal([("client-id", null), ("user", "alice")], told.Entity.Select(static part => (part.EntityType, part.EntityName)));
        Assert.Equal(["consumer_byte_rate", "controller_mutation_rate", "request_percentage", "producer_byte_rate"], told.Values.Select(static limit => limit.Key));
    }
}
