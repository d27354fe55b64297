using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Handling;
using Moldau.Client.Producing;
using Moldau.Extensions.Hosting;
using Moldau.Testing;
using Xunit;

namespace Moldau.Unit.Hosting;

public class HostTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_a_producer_of_the_host_writes_its_consumer_handles_and_commits_before_it_stops()
    {
        await using var broker = await EmbeddedBroker.StartAsync();
        var seen = new Seen();
        using (var host = await StartAsync(broker, seen))
        {
            var producer = host.Services.GetRequiredService<Producer<string, string>>();
            for (var i = 0; i < 20; i++) await producer.SendAsync($"k{i % 3}", $"{i}", TestContext.Current.CancellationToken);
            await seen.UntilAsync(20);
            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        await using var client = new KafkaClient(new() { Bootstrap = broker.BootstrapServers });
        var lag = await client.Groups.LagAsync("billing", TestContext.Current.CancellationToken);
        Assert.Equal((20, 0), (lag.Sum(static one => one.Committed ?? 0), lag.Sum(static one => one.Lag ?? -1)));
    }

    [Fact]
    public async Task Health_tells_of_brokers_that_do_not_answer_of_lag_and_of_consumers_that_ended_and_writes_nothing()
    {
        await using var broker = await EmbeddedBroker.StartAsync();
        var seen = new Seen { Fails = "poison" };
        using var host = await StartAsync(broker, seen);
        var health = host.Services.GetRequiredService<HealthCheckService>();
        var producer = host.Services.GetRequiredService<Producer<string, string>>();
        await producer.SendAsync("k", "fine", TestContext.Current.CancellationToken);
        await seen.UntilAsync(1);
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Status);

        await producer.SendAsync("k", "poison", TestContext.Current.CancellationToken);
        var report = await UntilAsync(health, HealthStatus.Unhealthy);
        Assert.Contains("group billing has ended", report.Entries["kafka"].Description, StringComparison.Ordinal);
        await using var client = new KafkaClient(new() { Bootstrap = broker.BootstrapServers });
        Assert.Equal(["__consumer_offsets", "orders"], (await client.Topics.ListAsync(TestContext.Current.CancellationToken)).Select(static topic => topic.Name).Order(StringComparer.Ordinal));
        await broker.DisposeAsync();
        Assert.Contains("cannot be asked", (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Entries["kafka"].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clusters_are_told_apart_by_name_and_one_is_not_added_twice()
    {
        await using var one = await EmbeddedBroker.StartAsync();
        await using var other = await EmbeddedBroker.StartAsync();
        var services = new ServiceCollection();
        services.AddKafka("one", options => options.Client = options.Client with { Bootstrap = one.BootstrapServers });
        services.AddKafka("other", options => options.Client = options.Client with { Bootstrap = other.BootstrapServers });
        Assert.Contains("'one' is added twice", Assert.Throws<InvalidOperationException>(() => services.AddKafka("one")).Message, StringComparison.Ordinal);
        await using var provider = services.BuildServiceProvider();
        foreach (var (name, broker) in new[] { ("one", one), ("other", other) })
            Assert.Equal(broker.ClusterId, (await provider.GetRequiredKeyedService<KafkaClient>(name).Cluster.DescribeAsync(TestContext.Current.CancellationToken)).Id);
    }

    [Fact]
    public async Task A_consumer_without_a_group_or_topics_is_refused_with_how_to_say_them()
    {
        var services = new ServiceCollection();
        services.AddSingleton(new Seen());
        services.AddKafka().AddConsumer<string, string, Handler>();
        await using var provider = services.BuildServiceProvider();
        Assert.Contains("group.id", Assert.Throws<OptionsValidationException>(() => provider.GetServices<IHostedService>().ToList()).Message, StringComparison.Ordinal);
    }

    private static async Task<IHost> StartAsync(EmbeddedBroker broker, Seen seen)
    {
        await using (var client = new KafkaClient(new() { Bootstrap = broker.BootstrapServers })) await client.Topics.CreateAsync([new NewTopic("orders") { Partitions = 3 }]);
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:Kafka", broker.BootstrapServers), new("Kafka:Consumer:GroupId", "billing")]);
        builder.Services.AddSingleton(seen);
        builder.Services.Configure<HostOptions>(static options => options.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore);
        builder.Services.AddKafka()
            .AddProducer<string, string>("orders")
            .AddConsumer<string, string, Handler>(static options => options with { Topics = ["orders"] }, new HandlerOptions { OnError = Failure.Stop })
            .AddHealthCheck(lagLimit: 1000);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static async Task<HealthReport> UntilAsync(HealthCheckService health, HealthStatus status)
    {
        using var patience = new CancellationTokenSource(Deadline);
        while (true)
        {
            var report = await health.CheckHealthAsync(patience.Token);
            if (report.Status == status) return report;
            await Task.Delay(10, patience.Token);
        }
    }

    internal sealed class Seen
    {
        private readonly ConcurrentQueue<string> _values = new();

        public string? Fails { get; init; }

        public void Add(string value)
        {
            if (value == Fails) throw new InvalidOperationException("as the test wants");
            _values.Enqueue(value);
        }

        public async Task UntilAsync(int count)
        {
            using var patience = new CancellationTokenSource(Deadline);
            while (_values.Count < count) await Task.Delay(10, patience.Token);
        }
    }

    internal sealed class Handler(Seen seen) : IRecordHandler<string, string>
    {
        public ValueTask HandleAsync(Record<string, string> record, CancellationToken cancellation)
        {
            seen.Add(record.Value!);
            return ValueTask.CompletedTask;
        }
    }
}
