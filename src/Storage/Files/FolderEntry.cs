namespace Moldau.Storage.Files;

/// <summary>A name in a folder; the length of a folder is 0.</summary>
public readonly record struct FolderEntry(string Name, bool IsFolder, long Length);
