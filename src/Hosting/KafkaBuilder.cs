using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Client.Handling;
using Moldau.Client.Producing;
using Moldau.Client.Serdes;
using Moldau.Extensions.Hosting.Health;

namespace Moldau.Extensions.Hosting;

/// <summary>What goes on with one cluster: producers, hosted consumers, a health check.</summary>
public sealed class KafkaBuilder
{
    internal KafkaBuilder(IServiceCollection services, string name) => (Services, Name) = (services, name);

    public IServiceCollection Services { get; }

    /// <summary>Of the cluster, and the key of its services.</summary>
    public string Name { get; }

    /// <summary>
    /// Adds a <see cref="Producer{TKey, TValue}"/> for one topic, which is the key it is asked for by; the first of its types is asked for without one,
    /// too. Serdes that are services are used, and otherwise the types' own. The host sends what is left when it stops.
    /// </summary>
    public KafkaBuilder AddProducer<TKey, TValue>(string topic, Func<ProducerOptions<TKey, TValue>, ProducerOptions<TKey, TValue>>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        Services.AddKeyedSingleton(topic, (provider, _) =>
        {
            var options = new ProducerOptions<TKey, TValue>(Options(provider).Producer) { KeySerde = provider.GetService<ISerde<TKey>>(), ValueSerde = provider.GetService<ISerde<TValue>>() };
            return Client(provider).CreateProducer(topic, configure is null ? options : configure(options));
        });
        Services.TryAddSingleton(provider => provider.GetRequiredKeyedService<Producer<TKey, TValue>>(topic));
        return this;
    }

    /// <summary>
    /// Adds a consumer that the host runs: each record goes to a <typeparamref name="THandler"/> of a scope of its own. When the host stops, handlers
    /// at work end and what is done is committed. A record that fails for good, with <see cref="Failure.Stop"/>, stops the host as any hosted service that fails.
    /// </summary>
    /// <param name="configure">Changes what configuration said: a group and topics are needed.</param>
    /// <param name="handling">How many at a time, in which order, and what becomes of those that fail.</param>
    public KafkaBuilder AddConsumer<TKey, TValue, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        Func<ConsumerOptions, ConsumerOptions>? configure = null, HandlerOptions? handling = null)
        where THandler : class, IRecordHandler<TKey, TValue>
    {
        Services.TryAddScoped<THandler>();
        Services.AddSingleton<IHostedService>(provider =>
        {
            var options = Options(provider).Consumer;
            if (configure is not null) options = configure(options);
            return new HostedConsumer<TKey, TValue, THandler>(provider, Name, Client(provider), options, handling ?? new HandlerOptions());
        });
        return this;
    }

    /// <summary>Adds a check that asks for the brokers and for nothing else, and tells of the hosted consumers of this cluster. It never writes.</summary>
    /// <param name="lagLimit">Degraded where a hosted consumer's group is behind by more records than this; null for however many.</param>
    /// <param name="timeout">For all it asks.</param>
    /// <param name="tags">Of the check.</param>
    public KafkaBuilder AddHealthCheck(long? lagLimit = null, TimeSpan? timeout = null, params string[] tags)
    {
        var name = Name.Length == 0 ? "kafka" : $"kafka-{Name}";
        Services.AddHealthChecks().Add(new HealthCheckRegistration(
            name, provider => new KafkaHealthCheck(Client(provider), provider.GetServices<IHostedService>().OfType<IHostedConsumer>().Where(one => one.Cluster == Name), lagLimit),
            failureStatus: null, tags, timeout ?? TimeSpan.FromSeconds(5)));
        return this;
    }

    private KafkaOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptionsMonitor<KafkaOptions>>().Get(Name);

    private KafkaClient Client(IServiceProvider provider) => provider.GetRequiredKeyedService<KafkaClient>(Name);
}
