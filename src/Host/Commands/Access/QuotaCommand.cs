using System.CommandLine;
using System.Globalization;
using Moldau.Client.Admin;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Access;

/// <summary><c>moldau quota</c>: how much users, clients and addresses may take.</summary>
internal static class QuotaCommand
{
    public static Command Create(Terminal terminal) => new("quota", "Shows and changes how much users, clients and addresses may take")
    {
        List(terminal),
        Set(terminal),
        Delete(terminal),
    };

    private static Command List(Terminal terminal)
    {
        var target = new QuotaTargetOptions();
        var format = FormatOption.CreateFull();
        return new ClusterVerb(terminal, "list", "Lists limits", [.. target.Options, format]).Does(async (client, parsed, cancellation) =>
        {
            var quotas = await client.Quotas.ListAsync([.. target.Parts(parsed).Select(static part => new QuotaFilter(part.Key, part.Value, part.Value is null))], cancellation: cancellation).ConfigureAwait(false);
            var listing = new Listing(new("USER", "user"), new("CLIENT-ID", "clientId"), new("IP", "ip"), new("LIMIT", "limit"), new("VALUE", "value"));
            foreach (var quota in quotas)
            {
                foreach (var (name, value) in quota.Limits) listing.Add(Part(quota, QuotaTargetOptions.User), Part(quota, QuotaTargetOptions.ClientId), Part(quota, QuotaTargetOptions.Address), name, value);
            }

            listing.Write(terminal.Output, parsed.GetValue(format));
            return ExitCode.Done;
        });
    }

    private static Command Set(Terminal terminal)
    {
        var values = new Argument<string[]>("LIMIT=VALUE") { Description = "Such as producer_byte_rate=1048576, consumer_byte_rate, request_percentage, controller_mutation_rate; for addresses connection_creation_rate", Arity = ArgumentArity.OneOrMore };
        var target = new QuotaTargetOptions();
        var dryRun = new Option<bool>("--dry-run") { Description = "Have it checked and change nothing" };
        return new ClusterVerb(terminal, "set", "Sets limits; what is connected follows at once", [values, .. target.Options, dryRun]).Does(async (client, parsed, cancellation) =>
        {
            var changes = new Dictionary<string, double?>(StringComparer.Ordinal);
            foreach (var (name, text) in NameValues.Parse(parsed.GetValue(values)!, "a limit"))
                changes[name] = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw new MisuseException($"{name} takes a number, not '{text}'");
            var whose = target.Read(parsed);
            await client.Quotas.AlterAsync(whose, changes, parsed.GetValue(dryRun), cancellation).ConfigureAwait(false);
            foreach (var (name, value) in changes)
                await terminal.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{(parsed.GetValue(dryRun) ? "would set" : "set")} {name}={value} for {whose}")).ConfigureAwait(false);
            return ExitCode.Done;
        });
    }

    private static Command Delete(Terminal terminal)
    {
        var names = new Argument<string[]>("LIMIT") { Description = "Names of limits", Arity = ArgumentArity.OneOrMore };
        var target = new QuotaTargetOptions();
        var yes = Consent.Option();
        return new ClusterVerb(terminal, "delete", "Takes limits away", [names, .. target.Options, yes]).Does(async (client, parsed, cancellation) =>
        {
            var whose = target.Read(parsed);
            foreach (var name in parsed.GetValue(names)!) await terminal.Error.WriteLineAsync($"to take away: {name} of {whose}").ConfigureAwait(false);
            if (!Consent.Get(terminal, parsed.GetValue(yes), "Take it away?")) return ExitCode.Failed;
            await client.Quotas.AlterAsync(whose, parsed.GetValue(names)!.ToDictionary(static name => name, static _ => (double?)null), cancellation: cancellation).ConfigureAwait(false);
            foreach (var name in parsed.GetValue(names)!) await terminal.Output.WriteLineAsync($"took {name} of {whose} away").ConfigureAwait(false);
            return ExitCode.Done;
        });
    }

    private static string? Part(QuotaInfo quota, string type) => quota.Target.Parts.TryGetValue(type, out var name) ? name ?? "(default)" : null;
}
