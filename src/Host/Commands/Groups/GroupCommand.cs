using System.CommandLine;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Groups;

/// <summary><c>moldau group</c>: who reads what, how far behind, and from where on.</summary>
internal static class GroupCommand
{
    public static Command Create(Terminal terminal) => new("group", "Lists, shows, moves and deletes groups of consumers")
    {
        GroupListings.List(terminal),
        GroupListings.Describe(terminal),
        GroupSeeking.Create(terminal),
        GroupDeletion.Create(terminal),
    };
}
