using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moldau.Client;
using Moldau.Extensions.Hosting.Configuration;

namespace Moldau.Extensions.Hosting;

/// <summary>Kafka for a host's services.</summary>
[SuppressMessage("Design", "CA1724", Justification = "Nobody names both.")]
public static class KafkaServices
{
    /// <summary>
    /// Adds a client of the cluster that configuration says, under <c>ConnectionStrings:NAME</c>, <c>Kafka</c> and <c>Kafka:NAME</c>; with a name it is
    /// asked for by that key. Settings that cannot be honoured are refused when the host starts, all of them at once.
    /// </summary>
    /// <param name="services">The host's.</param>
    /// <param name="name">Tells several clusters apart; empty where there is one.</param>
    /// <param name="configure">Changes what configuration said.</param>
    public static KafkaBuilder AddKafka(this IServiceCollection services, string name = "", Action<KafkaOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        foreach (var service in services)
        {
            if (service.ServiceType == typeof(KafkaClient) && Equals(service.ServiceKey, name))
                throw new InvalidOperationException($"Kafka '{name}' is added twice; give the other cluster another name, or go on with the builder of the first call");
        }

        services.AddSingleton<IConfigureOptions<KafkaOptions>>(provider => new ConfigureNamedOptions<KafkaOptions>(name, options => Read(provider, name, options)));
        var options = services.AddOptions<KafkaOptions>(name);
        if (configure is not null) options.Configure(configure);
        options.Validate(
            static options => !string.IsNullOrWhiteSpace(options.Client.Bootstrap),
            $"Kafka '{name}' has no brokers to begin with: say bootstrap.servers, or ConnectionStrings:{name}");
        options.ValidateOnStart();
        services.AddKeyedSingleton(name, static (provider, key) => Connect(provider, (string)key!));
        if (name.Length == 0) services.TryAddSingleton(static provider => provider.GetRequiredKeyedService<KafkaClient>(""));
        return new KafkaBuilder(services, name);
    }

    private static KafkaClient Connect(IServiceProvider provider, string name)
    {
        var options = provider.GetRequiredService<IOptionsMonitor<KafkaOptions>>().Get(name).Client;
        var logs = options.LoggerFactory is NullLoggerFactory ? provider.GetService<ILoggerFactory>() ?? options.LoggerFactory : options.LoggerFactory;
        return new KafkaClient(options with { LoggerFactory = logs });
    }

    /// <summary>From what counts least to what counts most.</summary>
    private static void Read(IServiceProvider provider, string name, KafkaOptions options)
    {
        if (provider.GetService<IConfiguration>() is not { } configuration) return;
        const string Aspire = "Aspire:Confluent:Kafka";
        var sections = new List<(IConfigurationSection, SettingRole, bool)>
        {
            (configuration.GetSection($"{Aspire}:Producer"), SettingRole.Producer | SettingRole.Client, false),
            (configuration.GetSection($"{Aspire}:Consumer"), SettingRole.Consumer | SettingRole.Client, false),
        };
        if (name.Length > 0)
        {
            sections.Add((configuration.GetSection($"{Aspire}:Producer:{name}"), SettingRole.Producer | SettingRole.Client, true));
            sections.Add((configuration.GetSection($"{Aspire}:Consumer:{name}"), SettingRole.Consumer | SettingRole.Client, true));
        }

        var faults = new List<string>(SectionReader.Read(sections, options));
        if (configuration.GetConnectionString(name.Length > 0 ? name : "Kafka") is { Length: > 0 } address) options.Client = options.Client with { Bootstrap = address };
        sections = [(configuration.GetSection("Kafka"), SettingTable.All, false)];
        if (name.Length > 0) sections.Add((configuration.GetSection($"Kafka:{name}"), SettingTable.All, true));
        faults.AddRange(SectionReader.Read(sections, options));
        if (faults.Count > 0) throw new OptionsValidationException(name, typeof(KafkaOptions), faults);
    }
}
