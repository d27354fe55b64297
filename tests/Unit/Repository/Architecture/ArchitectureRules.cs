using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Moldau.Unit.Repository.Architecture;

/// <summary>What breaks the arrows between the rooms, or puts code under another room's name.</summary>
internal static class ArchitectureRules
{
    /// <summary>Faults of a project under <c>src</c>.</summary>
    public static IEnumerable<string> Faults(ProjectFile project)
    {
        if (RoomOf(project.Path) is not { } room)
        {
            yield return $"{project.Path}: no room of this name; Rooms.cs has the list";
            yield break;
        }

        if (project.Path != PathOf(room)) yield return $"{project.Path}: the room's one project is {PathOf(room)}";
        foreach (var reference in project.References)
        {
            if (RoomOf(reference) is not { } target) yield return $"{project.Path}: {reference} is no room";
            else if (!room.MayReference.Contains(target.Folder)) yield return $"{project.Path}: {room.Folder} may not reference {target.Folder}";
        }
    }

    /// <summary>Faults of a file under <c>src</c>: its namespace is its room's and its folders'.</summary>
    public static IEnumerable<string> Faults(SourceFile file)
    {
        if (RoomOf(file.Path) is not { } room)
        {
            yield return $"{file.Path}: in no room; Rooms.cs has the list";
            yield break;
        }

        var expected = file.Folder.Replace($"src/{room.Folder}", room.Namespace, StringComparison.Ordinal).Replace('/', '.');
        foreach (var member in file.Syntax.Members)
        {
            if (member is BaseNamespaceDeclarationSyntax space)
            {
                if (space.Name.ToString() != expected) yield return $"{file.Path}: in namespace {space.Name}, its folder says {expected}";
            }
            else if (member is not GlobalStatementSyntax)
            {
                yield return $"{file.Path}: outside any namespace, its folder says {expected}";
            }
        }
    }

    private static string PathOf(Room room) => $"src/{room.Folder}/{room.Project}";

    private static Room? RoomOf(string path) => path.Split('/') is ["src", var folder, _, ..] ? Rooms.Find(folder) : null;
}
