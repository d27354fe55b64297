using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Client.Handling;
using Moldau.Client.Serdes;
using Moldau.Extensions.Hosting.Health;

namespace Moldau.Extensions.Hosting;

/// <summary>Reads while the host runs, and drains when it stops.</summary>
internal sealed class HostedConsumer<TKey, TValue, THandler> : BackgroundService, IHostedConsumer
    where THandler : class, IRecordHandler<TKey, TValue>
{
    private readonly IServiceProvider _services;
    private readonly KafkaClient _client;
    private readonly ConsumerOptions _options;
    private readonly HandlerOptions _handling;
    private Exception? _failure;

    public HostedConsumer(IServiceProvider services, string cluster, KafkaClient client, ConsumerOptions options, HandlerOptions handling)
    {
        (_services, _client, _options, _handling, Cluster) = (services, client, options, handling, cluster);
        var what = $"the consumer with {typeof(THandler).Name}";
        if (options.GroupId is not { Length: > 0 }) throw new OptionsValidationException(cluster, typeof(ConsumerOptions), [$"{what} has no group: say group.id, or AddConsumer(options => options with {{ GroupId = ... }})"]);
        if (options.Topics.Count == 0 && options.Pattern is null) throw new OptionsValidationException(cluster, typeof(ConsumerOptions), [$"{what} has no topics: say topics, or AddConsumer(options => options with {{ Topics = [...] }})"]);
    }

    public string Cluster { get; }

    public string Group => _options.GroupId!;

    public Exception? Failure => Volatile.Read(ref _failure);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Whoever starts hosted services does not wait for the first records.
        await Task.Yield();
        try
        {
            var consumer = _client.CreateConsumer(_options, _services.GetService<ISerde<TKey>>(), _services.GetService<ISerde<TValue>>());
            await using (consumer.ConfigureAwait(false)) await consumer.RunAsync(HandleAsync, _handling, stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // As asked.
        }
        catch (Exception failure)
        {
            Volatile.Write(ref _failure, failure);
            throw;
        }
    }

    private async ValueTask HandleAsync(Record<TKey, TValue> record, CancellationToken cancellation)
    {
        var scope = _services.CreateAsyncScope();
        await using (scope.ConfigureAwait(false)) await scope.ServiceProvider.GetRequiredService<THandler>().HandleAsync(record, cancellation).ConfigureAwait(false);
    }
}
