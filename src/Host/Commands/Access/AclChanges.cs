using System.CommandLine;
using Moldau.Client.Admin;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Access;

/// <summary>Rules made, and deleted behind a plan.</summary>
internal static class AclChanges
{
    public static Command Create(Terminal terminal)
    {
        var principals = AccessArguments.Many("--principal", "PRINCIPAL", "For whom, such as User:alice or alice; User:* is everyone");
        var operations = AccessArguments.Many("--operation", "OPERATION", "What is done: " + string.Join(", ", AccessArguments.Operations.Select(static word => word.Word)));
        var topics = AccessArguments.Many("--topic", "NAME", "About this topic");
        var groups = AccessArguments.Many("--group", "NAME", "About this group");
        var ids = AccessArguments.Many("--transactional-id", "NAME", "About this transactional id");
        var users = AccessArguments.Many("--user", "PRINCIPAL", "About this user, such as for tokens made in his name");
        var tokens = AccessArguments.Many("--token", "ID", "About this delegation token");
        var cluster = new Option<bool>("--cluster") { Description = "About the cluster" };
        var prefix = new Option<bool>("--prefix") { Description = "Names are beginnings of names" };
        var hosts = AccessArguments.Many("--host", "ADDRESS", "Only from this address; anywhere where nothing is said");
        var deny = new Option<bool>("--deny") { Description = "Deny instead of allowing; what denies wins" };
        return new ClusterVerb(
            terminal, "create", "Makes rules: one for each principal, operation and resource that is named", principals, operations, topics, groups, ids, users, tokens, cluster, prefix, hosts, deny).Does(
            async (client, parsed, cancellation) =>
            {
                var pattern = parsed.GetValue(prefix) ? AclPatternType.Prefixed : AclPatternType.Literal;
                List<(AclResourceType Type, string Name)> resources = [];
                Name(parsed.GetValue(topics), AclResourceType.Topic);
                Name(parsed.GetValue(groups), AclResourceType.Group);
                Name(parsed.GetValue(ids), AclResourceType.TransactionalId);
                Name(parsed.GetValue(users)?.Select(AccessArguments.Principal), AclResourceType.User);
                Name(parsed.GetValue(tokens), AclResourceType.DelegationToken);
                if (parsed.GetValue(cluster)) resources.Add((AclResourceType.Cluster, AclRule.ClusterName));
                var rules = new List<AclRule>();
                foreach (var (type, name) in resources)
                {
                    foreach (var principal in parsed.GetValue(principals) ?? [])
                    {
                        foreach (var operation in parsed.GetValue(operations) ?? [])
                        {
                            foreach (var host in parsed.GetValue(hosts) is { Length: > 0 } some ? some : ["*"])
                                rules.Add(new AclRule(type, name, type == AclResourceType.Cluster ? AclPatternType.Literal : pattern, AccessArguments.Principal(principal), host, AccessArguments.Of(AccessArguments.Operations, operation, "operation"), parsed.GetValue(deny) ? AclPermission.Deny : AclPermission.Allow));
                        }
                    }
                }

                if (rules.Count == 0) throw new MisuseException("a rule needs --principal, --operation and a resource: --topic, --group, --transactional-id, --user, --token or --cluster");
                var outcomes = await client.Acls.CreateAsync(rules, cancellation).ConfigureAwait(false);
                foreach (var outcome in outcomes)
                {
                    if (outcome.Succeeded) await terminal.Output.WriteLineAsync($"made: {outcome.Item}").ConfigureAwait(false);
                }

                return Failures.Report(terminal, outcomes);

                void Name(IEnumerable<string>? names, AclResourceType type)
                {
                    foreach (var name in names ?? []) resources.Add((type, name));
                }
            });
    }

    public static Command Delete(Terminal terminal)
    {
        var filter = new AclFilterOptions();
        var yes = Consent.Option();
        return new ClusterVerb(terminal, "delete", "Deletes the rules that are meant", [.. filter.Options, yes]).Does(async (client, parsed, cancellation) =>
        {
            if (filter.IsEmpty(parsed)) throw new MisuseException("which rules? --resource, --name, --principal or --operation says it");
            var meant = filter.Read(parsed);
            var rules = await client.Acls.ListAsync(meant, cancellation).ConfigureAwait(false);
            foreach (var rule in rules) await terminal.Error.WriteLineAsync($"to delete: {rule}").ConfigureAwait(false);
            if (rules.Count == 0) throw new InvalidOperationException("no rule is like that");
            if (!Consent.Get(terminal, parsed.GetValue(yes), $"Delete {rules.Count} rule{(rules.Count == 1 ? "" : "s")}?")) return ExitCode.Failed;
            // Each by its own name: one that came meanwhile was not in the plan.
            var outcomes = await client.Acls.DeleteAsync([.. rules.Select(Exactly)], cancellation).ConfigureAwait(false);
            foreach (var outcome in outcomes)
            {
                if (outcome.Succeeded) await terminal.Output.WriteLineAsync($"deleted: {outcome.Item}").ConfigureAwait(false);
            }

            return Failures.Report(terminal, outcomes);
        });
    }

    private static AclFilter Exactly(AclRule rule) => new()
    {
        Resource = rule.Resource, Name = rule.Name, Pattern = rule.Pattern, Principal = rule.Principal, Host = rule.Host, Operation = rule.Operation, Permission = rule.Permission,
    };
}
