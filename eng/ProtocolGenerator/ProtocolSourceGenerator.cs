using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Moldau.ProtocolGenerator.Definitions;
using Moldau.ProtocolGenerator.Emission;

namespace Moldau.ProtocolGenerator;

/// <summary>Turns every <c>protocol/**/*.def</c> into message classes, and all of them together into the tables of APIs and stored records.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ProtocolSourceGenerator : IIncrementalGenerator
{
    private static readonly DiagnosticDescriptor FaultDescriptor = new(
        "MOLDAU001", "Fault in a protocol definition", "{0}", "Protocol", DiagnosticSeverity.Error, isEnabledByDefault: true);

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var files = context.AdditionalTextsProvider
            .Where(static text => Path.GetExtension(text.Path) == ".def")
            .Select(static (text, cancellation) => new Source(text.Path, text.GetText(cancellation)?.ToString() ?? ""));

        context.RegisterSourceOutput(files, static (output, source) =>
        {
            var file = DefinitionParser.Parse(source.Path, source.Text, out var faults);
            foreach (var fault in faults) output.ReportDiagnostic(Diagnostic.Create(FaultDescriptor, Place(fault), fault.Problem));
            if (faults.Count > 0) return;
            foreach (var message in file.Messages)
                output.AddSource(message.Name + ".g.cs", SourceText.From(new MessageEmitter(file, message).Emit(), Encoding.UTF8));
        });

        context.RegisterSourceOutput(files.Collect(), static (output, sources) => EmitTables(output, sources));
    }

    private static void EmitTables(SourceProductionContext output, ImmutableArray<Source> sources)
    {
        var files = new List<DefinitionFile>();
        foreach (var source in sources)
        {
            var file = DefinitionParser.Parse(source.Path, source.Text, out var faults);
            if (faults.Count == 0) files.Add(file);
        }

        output.AddSource("ApiTable.g.cs", SourceText.From(TableEmitter.Apis(files), Encoding.UTF8));
        output.AddSource("StoredRecordTable.g.cs", SourceText.From(TableEmitter.StoredRecords(files), Encoding.UTF8));
    }

    private static Location Place(DefinitionFault fault)
    {
        var position = new LinePosition(fault.Line - 1, 0);
        return Location.Create(fault.Path, default, new LinePositionSpan(position, position));
    }

    /// <summary>Value equality is what lets the compiler skip files that did not change.</summary>
    private readonly struct Source : System.IEquatable<Source>
    {
        public Source(string path, string text)
        {
            Path = path;
            Text = text;
        }

        public string Path { get; }

        public string Text { get; }

        public bool Equals(Source other) => Path == other.Path && Text == other.Text;

        public override bool Equals(object? obj) => obj is Source other && Equals(other);

        public override int GetHashCode() => Path.GetHashCode();
    }
}
