using System.CommandLine;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Access;

/// <summary><c>moldau acl</c>: rules of who may do what.</summary>
internal static class AclCommand
{
    public static Command Create(Terminal terminal) => new("acl", "Lists, makes and deletes rules of who may do what")
    {
        AclListing.Create(terminal),
        AclChanges.Create(terminal),
        AclChanges.Delete(terminal),
    };
}
