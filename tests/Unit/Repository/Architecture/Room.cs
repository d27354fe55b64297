namespace Moldau.Unit.Repository.Architecture;

/// <summary>A folder under <c>src</c>, which is one project.</summary>
/// <param name="Folder">Its name.</param>
/// <param name="Namespace">What its namespaces begin with.</param>
/// <param name="MayReference">The rooms below it that it may use.</param>
internal sealed record Room(string Folder, string Namespace, params string[] MayReference)
{
    public string Project => $"{Namespace}.csproj";
}
