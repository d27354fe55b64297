using System.CommandLine;
using Moldau.Broker.Settings;
using Moldau.Client.Admin;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Configs;

/// <summary><c>moldau config</c>: settings of topics, brokers, groups, loggers and subscriptions to clients' metrics.</summary>
internal static class ConfigCommand
{
    private static readonly (string Name, ConfigResourceType Type)[] Types =
    [
        ("topic", ConfigResourceType.Topic), ("broker", ConfigResourceType.Broker), ("group", ConfigResourceType.Group),
        ("client-metrics", ConfigResourceType.ClientMetrics), ("logger", ConfigResourceType.BrokerLogger),
    ];

    public static Command Create(Terminal terminal) => new("config", "Shows and changes settings")
    {
        List(terminal),
        Describe(terminal),
        Set(terminal),
        Delete(terminal),
    };

    private static Command List(Terminal terminal)
    {
        var type = new Option<string?>("--type") { Description = "Only resources of this type", HelpName = TypeNames };
        var format = FormatOption.CreateFull();
        return new ClusterVerb(terminal, "list", "Lists what has settings", type, format).Does(async (client, parsed, cancellation) =>
        {
            ConfigResourceType[] only = parsed.GetValue(type) is { } name ? [TypeOf(name)] : [];
            var listing = new Listing(new("TYPE", "type"), new("NAME", "name"));
            foreach (var resource in await client.Configs.ListAsync(only, cancellation).ConfigureAwait(false)) listing.Add(NameOf(resource.Type), resource.Name);
            listing.Write(terminal.Output, parsed.GetValue(format));
            return ExitCode.Done;
        });
    }

    private static Command Describe(Terminal terminal)
    {
        var (type, name) = Resource();
        var all = new Option<bool>("--all") { Description = "Show the defaults too, not only what was set" };
        var format = FormatOption.CreateFull();
        return new ClusterVerb(terminal, "describe", "Shows the settings of a resource", type, name, all, format).Does(async (client, parsed, cancellation) =>
        {
            var values = await client.Configs.DescribeAsync(ResourceOf(parsed, type, name), parsed.GetValue(format) == OutputFormat.Wide, cancellation).ConfigureAwait(false);
            var listing = new Listing(
                new("NAME", "name"), new("VALUE", "value"), new("SOURCE", "source"),
                new("READ-ONLY", "readOnly") { IsWide = true }, new("SENSITIVE", "sensitive") { IsWide = true }, new("MEANING", "meaning") { IsWide = true });
            foreach (var value in values)
            {
                if (value.IsSet || parsed.GetValue(all))
                    listing.Add(value.Name, value.Value, SourceText(value.Source), value.IsReadOnly, value.IsSensitive, value.Documentation);
            }

            listing.Write(terminal.Output, parsed.GetValue(format));
            return ExitCode.Done;
        });
    }

    private static Command Set(Terminal terminal)
    {
        var (type, name) = Resource();
        var values = new Argument<string[]>("NAME=VALUE") { Description = "What is set; NAME+=VALUE adds to a list, NAME-=VALUE takes from it", Arity = ArgumentArity.OneOrMore };
        var dryRun = new Option<bool>("--dry-run") { Description = "Have it checked and change nothing" };
        return new ClusterVerb(terminal, "set", "Sets settings of a resource, and leaves its others alone", type, name, values, dryRun).Does(async (client, parsed, cancellation) =>
        {
            var changes = parsed.GetValue(values)!.Select(ChangeOf).ToList();
            await client.Configs.AlterAsync(ResourceOf(parsed, type, name), changes, parsed.GetValue(dryRun), cancellation).ConfigureAwait(false);
            foreach (var change in changes) await terminal.Output.WriteLineAsync($"{(parsed.GetValue(dryRun) ? "would set" : "set")} {change.Name}={change.Value}").ConfigureAwait(false);
            return ExitCode.Done;
        });
    }

    private static Command Delete(Terminal terminal)
    {
        var (type, name) = Resource();
        var names = new Argument<string[]>("SETTING") { Description = "Names of settings; what counts then is the default, or what is set further up", Arity = ArgumentArity.OneOrMore };
        var yes = Consent.Option();
        return new ClusterVerb(terminal, "delete", "Takes settings of a resource back", type, name, names, yes).Does(async (client, parsed, cancellation) =>
        {
            var resource = ResourceOf(parsed, type, name);
            var known = (await client.Configs.DescribeAsync(resource, cancellation: cancellation).ConfigureAwait(false)).ToDictionary(static value => value.Name);
            foreach (var setting in parsed.GetValue(names)!)
            {
                var now = known.TryGetValue(setting, out var value) ? $"{value.Value ?? "-"} ({SourceText(value.Source)})" : "not set";
                await terminal.Error.WriteLineAsync($"to take back: {setting}, now {now}").ConfigureAwait(false);
            }

            if (!Consent.Get(terminal, parsed.GetValue(yes), "Take these settings back?")) return ExitCode.Failed;
            var changes = parsed.GetValue(names)!.Select(static setting => new ConfigChange(setting, ConfigOperation.Delete, null)).ToList();
            await client.Configs.AlterAsync(resource, changes, cancellation: cancellation).ConfigureAwait(false);
            foreach (var change in changes) await terminal.Output.WriteLineAsync($"took {change.Name} back").ConfigureAwait(false);
            return ExitCode.Done;
        });
    }

    private static string TypeNames => string.Join('|', Types.Select(static type => type.Name));

    private static (Argument<string> Type, Argument<string> Name) Resource() =>
        (new("TYPE") { Description = TypeNames }, new("RESOURCE") { Description = "The resource's name; of a broker or its loggers its id, 'all' for all brokers" });

    private static ConfigResource ResourceOf(ParseResult parsed, Argument<string> type, Argument<string> name)
    {
        var (kind, resource) = (TypeOf(parsed.GetValue(type)!), parsed.GetValue(name)!);
        return new ConfigResource(kind, kind == ConfigResourceType.Broker && resource == "all" ? "" : resource);
    }

    private static ConfigResourceType TypeOf(string text)
    {
        foreach (var (name, type) in Types)
        {
            if (name == text) return type;
        }

        var nearest = NearestName.Find(text, Types.Select(static type => type.Name));
        throw new MisuseException($"nothing of type '{text}' has settings; {(nearest is null ? $"there are {TypeNames}" : $"did you mean '{nearest}'?")}");
    }

    private static string NameOf(ConfigResourceType type) => Types.FirstOrDefault(known => known.Type == type).Name ?? type.ToString();

    private static string SourceText(ConfigSource source) => source switch
    {
        ConfigSource.AllBrokers => "all brokers",
        ConfigSource.ClientMetrics => "client metrics",
        _ => source.ToString().ToLowerInvariant(),
    };

    private static ConfigChange ChangeOf(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0) throw new MisuseException($"a setting is given as NAME=VALUE, not '{text}'");
        var operation = text[equals - 1] switch { '+' => ConfigOperation.Append, '-' => ConfigOperation.Subtract, _ => ConfigOperation.Set };
        return new ConfigChange(operation == ConfigOperation.Set ? text[..equals] : text[..(equals - 1)], operation, text[(equals + 1)..]);
    }
}
