using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Moldau.Client;

namespace Moldau.Extensions.Hosting.Health;

/// <summary>Whether the brokers answer, and how the hosted consumers do. It asks, and never writes.</summary>
internal sealed class KafkaHealthCheck(KafkaClient client, IEnumerable<IHostedConsumer> consumers, long? lagLimit) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var unhealthy = context.Registration.FailureStatus;
        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        try
        {
            var cluster = await client.Cluster.DescribeAsync(cancellationToken).ConfigureAwait(false);
            data["brokers"] = cluster.Brokers.Count;
            if (cluster.Brokers.Count == 0) return new HealthCheckResult(unhealthy, "the cluster has no brokers now", null, data);
            var behind = new List<string>();
            foreach (var consumer in consumers)
            {
                if (consumer.Failure is { } failure) return new HealthCheckResult(unhealthy, $"the consumer of group {consumer.Group} has ended: {failure.Message}", failure, data);
                if (lagLimit is not { } limit) continue;
                var lag = await LagAsync(consumer.Group, cancellationToken).ConfigureAwait(false);
                data[$"lag of {consumer.Group}"] = lag;
                if (lag > limit) behind.Add(string.Create(CultureInfo.InvariantCulture, $"group {consumer.Group} is {lag} records behind"));
            }

            return behind.Count > 0 ? HealthCheckResult.Degraded(string.Join("; ", behind), null, data) : HealthCheckResult.Healthy(null, data);
        }
        catch (Exception failure) when (failure is KafkaException || (failure is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            var why = failure is KafkaException ? failure.Message : "no answer in time";
            return new HealthCheckResult(unhealthy, $"the cluster cannot be asked: {why}", failure, data);
        }
    }

    private async Task<long> LagAsync(string group, CancellationToken cancellation)
    {
        var sum = 0L;
        foreach (var partition in await client.Groups.LagAsync(group, cancellation).ConfigureAwait(false)) sum += partition.Lag ?? 0;
        return sum;
    }
}
