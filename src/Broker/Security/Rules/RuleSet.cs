using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Security.Rules;

/// <summary>The rules of one name or prefix, by whom they are about.</summary>
internal sealed class RuleSet
{
    private readonly Dictionary<string, List<AclRecord>> _byPrincipal = new(StringComparer.Ordinal);

    public void Add(AclRecord rule)
    {
        if (!_byPrincipal.TryGetValue(rule.Principal, out var rules)) _byPrincipal.Add(rule.Principal, rules = []);
        rules.Add(rule);
    }

    /// <returns>Null where no rule says anything; a denial wins.</returns>
    public bool? Ask(string principal, string host, AclOperation operation)
    {
        bool? answer = null;
        if (_byPrincipal.TryGetValue(principal, out var rules) && Ask(rules, host, operation, ref answer)) return false;
        if (_byPrincipal.TryGetValue(RuleIndex.Everybody, out rules) && Ask(rules, host, operation, ref answer)) return false;
        return answer;
    }

    /// <returns>Whether it is denied.</returns>
    private static bool Ask(List<AclRecord> rules, string host, AclOperation operation, ref bool? answer)
    {
        foreach (var rule in rules)
        {
            if (rule.Host != RuleIndex.Every && rule.Host != host) continue;
            if (rule.Permission == AclPermission.Deny)
            {
                if (rule.Operation == operation || rule.Operation == AclOperation.All) return true;
            }
            else if (Allows(rule.Operation, operation))
            {
                answer = true;
            }
        }

        return false;
    }

    /// <summary>Who may change or read a thing may know of it; a denial implies nothing.</summary>
    private static bool Allows(AclOperation allowed, AclOperation asked) => allowed == asked || allowed == AclOperation.All || asked switch
    {
        AclOperation.Describe => allowed is AclOperation.Read or AclOperation.Write or AclOperation.Delete or AclOperation.Alter,
        AclOperation.DescribeConfigs => allowed is AclOperation.AlterConfigs,
        _ => false,
    };
}
