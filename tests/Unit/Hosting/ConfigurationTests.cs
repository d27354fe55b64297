using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Moldau.Client.Consuming;
using Moldau.Client.Groups;
using Moldau.Client.Producing;
using Moldau.Client.Security;
using Moldau.Extensions.Hosting;
using Moldau.Extensions.Hosting.Configuration;
using Moldau.Protocol.Compression;
using Xunit;

namespace Moldau.Unit.Hosting;

public class ConfigurationTests
{
    [Fact]
    public void Names_are_taken_as_java_librdkafka_and_dotnet_spell_them()
    {
        var options = Read(
            "",
            ("Kafka:bootstrap.servers", "a:1,b:2"), ("Kafka:ClientId", "shop"), ("Kafka:Producer:LingerMs", "7"), ("Kafka:Producer:compression.type", "zstd"),
            ("Kafka:Producer:Partitioner", "ConsistentRandom"), ("Kafka:Producer:Acks", "All"), ("Kafka:Producer:queue.buffering.max.kbytes", "2048"),
            ("Kafka:Consumer:GroupId", "billing"), ("Kafka:Consumer:AutoOffsetReset", "Latest"), ("Kafka:Consumer:isolation.level", "read_uncommitted"),
            ("Kafka:Consumer:PartitionAssignmentStrategy", "CooperativeSticky"), ("Kafka:Consumer:enable.auto.commit", "false"), ("Kafka:Consumer:Topics:0", "orders"), ("Kafka:Consumer:Topics:1", "refunds"));
        Assert.Equal(("a:1,b:2", "shop"), (options.Client.Bootstrap, options.Client.ClientId));
        Assert.Equal((TimeSpan.FromMilliseconds(7), CompressionType.Zstd, 2L << 20), (options.Producer.Linger, options.Producer.Compression, options.Producer.BufferBytes));
        Assert.Same(Partitioner.Crc32, options.Producer.Partitioner);
        Assert.Equal(("billing", OffsetReset.Latest, false, TimeSpan.Zero), (options.Consumer.GroupId, options.Consumer.Reset, options.Consumer.ReadCommitted, options.Consumer.CommitInterval));
        Assert.Equal(["orders", "refunds"], options.Consumer.Topics);
        Assert.Equal([ClassicAssignor.CooperativeSticky], options.Consumer.Group.Assignors);
    }

    [Fact]
    public void A_name_counts_more_than_what_is_shared_and_aspires_sections_count_least()
    {
        var options = Read(
            "orders",
            ("ConnectionStrings:orders", "connection:1"), ("Aspire:Confluent:Kafka:Producer:ConnectionString", "aspire:1"),
            ("Aspire:Confluent:Kafka:Producer:orders:Config:LingerMs", "3"), ("Aspire:Confluent:Kafka:Consumer:Config:GroupId", "g"), ("Aspire:Confluent:Kafka:Consumer:DisableHealthChecks", "true"),
            ("Kafka:ClientId", "shared"), ("Kafka:orders:ClientId", "own"), ("Kafka:refunds:ClientId", "another's"));
        Assert.Equal(("connection:1", "own", TimeSpan.FromMilliseconds(3), "g"), (options.Client.Bootstrap, options.Client.ClientId, options.Producer.Linger, options.Consumer.GroupId));
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once_with_its_path()
    {
        var refused = Assert.Throws<OptionsValidationException>(static () => Read(
            "orders",
            ("Kafka:orders:BootstrapServer", "a:1"), ("Kafka:orders:Producer:LingerMs", "soon"), ("Kafka:orders:Producer:StatisticsIntervalMs", "1000"),
            ("Kafka:orders:Producer:GroupId", "g"), ("Kafka:orders:Producer:Acks", "None"), ("Kafka:orders:Strange:Thing", "1"), ("Kafka:orders:SaslUsername", "u")));
        string[] expected =
        [
            "Kafka:orders:BootstrapServer is not known; did you mean bootstrap.servers?",
            "Kafka:orders:Producer:LingerMs takes a number (milliseconds) of 0 to 2147483647, not 'soon'",
            "Kafka:orders:Producer:StatisticsIntervalMs cannot be honoured: the meter Moldau.Client has the figures",
            "Kafka:orders:Producer:GroupId is not a setting of this section: it belongs to the consumer",
            "Kafka:orders:Producer:Acks is 'None': records that nobody confirms are lost unseen, and are not sent; take all or 1",
            "Kafka:orders:Strange is a section that is not known here; there are Producer, Consumer, Config and Security",
            "Kafka:orders:SaslUsername is said and security.protocol is not; it takes SSL, SASL_PLAINTEXT or SASL_SSL",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), refused.Failures.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_secures_connections_is_put_together()
    {
        var options = Read("", ("Kafka:SecurityProtocol", "SaslSsl"), ("Kafka:SaslMechanism", "ScramSha512"), ("Kafka:SaslUsername", "u"), ("Kafka:SaslPassword", "secret"));
        Assert.Equal("SCRAM-SHA-512", Assert.IsType<ScramCredentials>(options.Client.Sasl).Mechanism);
        Assert.True(options.Client.Tls is { Trusted: null, VerifiesHostName: true });
        var missing = Assert.Throws<OptionsValidationException>(static () => Read("", ("Kafka:SecurityProtocol", "SASL_PLAINTEXT"), ("Kafka:SaslMechanism", "PLAIN"), ("Kafka:SaslUsername", "u")));
        Assert.Equal("sasl.password is missing", Assert.Single(missing.Failures));
    }

    [Fact]
    public async Task A_host_does_not_start_with_what_cannot_be_honoured_or_without_brokers()
    {
        await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(("Kafka:StatisticsIntervalMs", "1000")));
        await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(("Kafka:BootstrapServers", "")));

        static async Task StartAsync(params (string, string)[] settings)
        {
            var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
            builder.Configuration.AddInMemoryCollection(settings.Select(static one => KeyValuePair.Create(one.Item1, (string?)one.Item2)));
            builder.Services.AddKafka();
            using var host = builder.Build();
            await host.StartAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void No_name_is_there_twice_however_it_is_spelt()
    {
        Assert.Equal(SettingTable.Rows.Count, SettingTable.Rows.Select(static row => SettingName.Plain(row.Name)).Distinct().Count());
        Assert.All(SettingTable.Rows, static row => Assert.True(row.Apply is null != row.Reason is null, row.Name));
    }

    private static KafkaOptions Read(string name, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static one => KeyValuePair.Create(one.Key, (string?)one.Value))).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddKafka(name);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptionsMonitor<KafkaOptions>>().Get(name);
    }
}
