using System.CommandLine;
using Moldau.Client.Admin;

namespace Moldau.Host.Commands.Access;

/// <summary>Options that say which rules are meant; what is not said is any.</summary>
internal sealed class AclFilterOptions
{
    private readonly Option<string?> _resource = new("--resource") { Description = "Only about such resources", HelpName = string.Join('|', AccessArguments.Resources.Select(static word => word.Word)) };
    private readonly Option<string?> _name = new("--name") { Description = "Only about the resource of this name; with --effective, every rule that holds for it", HelpName = "NAME" };
    private readonly Option<bool> _effective = new("--effective") { Description = "Also prefixes and *, where they hold for --name" };
    private readonly Option<string?> _principal = new("--principal") { Description = "Only for this user, such as User:alice or alice", HelpName = "PRINCIPAL" };
    private readonly Option<string?> _operation = new("--operation") { Description = "Only about this operation", HelpName = "OPERATION" };

    public Symbol[] Options => [_resource, _name, _effective, _principal, _operation];

    public bool IsEmpty(ParseResult parsed) => Read(parsed) == new AclFilter();

    /// <exception cref="MisuseException">A word is not known.</exception>
    public AclFilter Read(ParseResult parsed) => new()
    {
        Resource = parsed.GetValue(_resource) is { } resource ? AccessArguments.Of(AccessArguments.Resources, resource, "resource") : null,
        Name = parsed.GetValue(_name),
        Pattern = parsed.GetValue(_effective) ? AclPatternType.Match : null,
        Principal = parsed.GetValue(_principal) is { } principal ? AccessArguments.Principal(principal) : null,
        Operation = parsed.GetValue(_operation) is { } operation ? AccessArguments.Of(AccessArguments.Operations, operation, "operation") : null,
    };
}
