using System.Xml.Linq;

namespace Moldau.Unit.Repository.Architecture;

/// <summary>A project file, as far as its references go.</summary>
/// <param name="Path">From the root, with forward slashes.</param>
internal sealed record ProjectFile(string Path, XElement Content)
{
    public static ProjectFile Parse(string path, string text) => new(path, XElement.Parse(text));

    /// <summary>The projects it is linked with, by path from the root. A generator runs in the compiler and is not linked.</summary>
    public IEnumerable<string> References =>
        from reference in Content.Descendants("ProjectReference")
        where (string?)reference.Attribute("OutputItemType") != "Analyzer" || (string?)reference.Attribute("ReferenceOutputAssembly") != "false"
        select Resolve(((string)reference.Attribute("Include")!).Replace('\\', '/'));

    private string Resolve(string relative)
    {
        var segments = new Stack<string>(Path.Split('/')[..^1]);
        foreach (var segment in relative.Split('/'))
        {
            if (segment == "..") segments.Pop();
            else segments.Push(segment);
        }

        return string.Join('/', segments.Reverse());
    }
}
