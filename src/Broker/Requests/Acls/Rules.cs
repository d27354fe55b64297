using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Security.Rules;
using Moldau.Protocol.Errors;

namespace Moldau.Broker.Requests.Acls;

/// <summary>What the three APIs about rules have in common.</summary>
internal static class Rules
{
    /// <exception cref="RequestRefusedException">Nobody asks the rules: whoever sets some must not believe that they hold.</exception>
    public static void RequireAuthorizer(LiveSettings settings)
    {
        if (!settings.Current.Authorizer.IsOn)
            throw new RequestRefusedException(ErrorCode.SecurityDisabled, "authorizer.class.name is empty: rules are asked by nobody, and there are none");
    }

    /// <summary>In the order of what they are about.</summary>
    public static IEnumerable<AclRecord> Matching(MetadataImage image, RuleFilter filter) =>
        image.Acls.Values.Select(static stored => stored.Record).Where(filter.Matches)
            .OrderBy(static rule => rule.Resource).ThenBy(static rule => rule.Name, StringComparer.Ordinal).ThenBy(static rule => rule.Pattern)
            .ThenBy(static rule => rule.Principal, StringComparer.Ordinal).ThenBy(static rule => rule.Operation)
            .ThenBy(static rule => rule.Host, StringComparer.Ordinal).ThenBy(static rule => rule.Permission);

    /// <summary>For the audit log.</summary>
    public static string Text(AclRecord rule) =>
        $"{rule.Permission} {rule.Principal} from {rule.Host} {rule.Operation} {rule.Resource} {(rule.Pattern == AclPattern.Prefixed ? rule.Name + "..." : rule.Name)}";
}
