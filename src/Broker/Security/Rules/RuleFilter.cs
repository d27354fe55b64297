using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Security.Rules;

/// <summary>Which rules somebody asks for, by the protocol's numbers. What is null, or any, matches all.</summary>
/// <param name="Resource">Of which kind.</param>
/// <param name="Name">Of the resource.</param>
/// <param name="Pattern">How the rule's name is meant.</param>
/// <param name="Principal">With the type.</param>
/// <param name="Host">As the rule has it.</param>
/// <param name="Operation">As the rule has it: what it implies is not asked.</param>
/// <param name="Permission">Whether it allows or denies.</param>
internal readonly record struct RuleFilter(sbyte Resource, string? Name, sbyte Pattern, string? Principal, string? Host, sbyte Operation, sbyte Permission)
{
    private const sbyte Any = 1;

    /// <summary>A pattern that is none: all rules that apply to the name.</summary>
    private const sbyte Match = 2;

    /// <returns>What is in it that is not known; null where all is.</returns>
    public string? Fault() =>
        Resource != Any && !Enum.IsDefined((AclResource)Resource) ? $"a resource of type {Resource}"
        : Pattern is not (Any or Match) && !Enum.IsDefined((AclPattern)Pattern) ? $"a pattern of type {Pattern}"
        : Operation != Any && !Enum.IsDefined((AclOperation)Operation) ? $"an operation {Operation}"
        : Permission != Any && !Enum.IsDefined((AclPermission)Permission) ? $"a permission {Permission}"
        : null;

    public bool Matches(AclRecord rule) =>
        (Resource == Any || Resource == (sbyte)rule.Resource) && MatchesName(rule)
        && (Principal is null || Principal == rule.Principal) && (Host is null || Host == rule.Host)
        && (Operation == Any || Operation == (sbyte)rule.Operation) && (Permission == Any || Permission == (sbyte)rule.Permission);

    private bool MatchesName(AclRecord rule)
    {
        if (Pattern is not (Any or Match) && Pattern != (sbyte)rule.Pattern) return false;
        if (Name is null) return true;
        if (Pattern != Match) return Name == rule.Name;
        return rule.Pattern == AclPattern.Prefixed ? Name.StartsWith(rule.Name, StringComparison.Ordinal) : rule.Name == Name || rule.Name == RuleIndex.Every;
    }
}
