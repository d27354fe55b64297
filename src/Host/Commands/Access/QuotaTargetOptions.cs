using System.CommandLine;
using Moldau.Client.Admin;

namespace Moldau.Host.Commands.Access;

/// <summary>Options that say whose limits are meant.</summary>
internal sealed class QuotaTargetOptions
{
    public const string User = "user";
    public const string ClientId = "client-id";
    public const string Address = "ip";

    private readonly (string Type, Option<string?> ByName, Option<bool> ByDefault)[] _options = [Pair(User, "NAME"), Pair(ClientId, "ID"), Pair(Address, "ADDRESS")];

    public Symbol[] Options => [.. _options.SelectMany(static pair => (Symbol[])[pair.ByName, pair.ByDefault])];

    /// <exception cref="MisuseException">Nobody is named.</exception>
    public QuotaTarget Read(ParseResult parsed) =>
        Parts(parsed) is { Count: > 0 } parts ? new QuotaTarget(parts) : throw new MisuseException("whose limits? --user, --client-id, --ip or their --default-... says it");

    public Dictionary<string, string?> Parts(ParseResult parsed)
    {
        var parts = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (type, byName, byDefault) in _options)
        {
            if (parsed.GetValue(byName) is { } name) parts[type] = name;
            else if (parsed.GetValue(byDefault)) parts[type] = null;
        }

        return parts;
    }

    private static (string Type, Option<string?> ByName, Option<bool> ByDefault) Pair(string type, string helpName) => (
        type,
        new Option<string?>("--" + type) { Description = $"Of this {type}", HelpName = helpName },
        new Option<bool>("--default-" + type) { Description = $"Of each {type} that has no limits of its own" });
}
