using System.CommandLine;
using Moldau.Client.Admin;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Access;

/// <summary><c>moldau acl list</c>.</summary>
internal static class AclListing
{
    public static Command Create(Terminal terminal)
    {
        var filter = new AclFilterOptions();
        var format = FormatOption.CreateFull();
        return new ClusterVerb(terminal, "list", "Lists rules", [.. filter.Options, format]).Does(async (client, parsed, cancellation) =>
        {
            var rules = await client.Acls.ListAsync(filter.Read(parsed), cancellation).ConfigureAwait(false);
            var listing = new Listing(
                new("RESOURCE", "resource"), new("NAME", "name"), new("PATTERN", "pattern"), new("PRINCIPAL", "principal"), new("OPERATION", "operation"), new("PERMISSION", "permission"), new("HOST", "host"));
            foreach (var rule in rules)
            {
                listing.Add(
                    AccessArguments.WordOf(AccessArguments.Resources, rule.Resource), rule.Name, rule.Pattern.ToString().ToLowerInvariant(), rule.Principal,
                    AccessArguments.WordOf(AccessArguments.Operations, rule.Operation), rule.Permission.ToString().ToLowerInvariant(), rule.Host);
            }

            listing.Write(terminal.Output, parsed.GetValue(format));
            return ExitCode.Done;
        });
    }
}
