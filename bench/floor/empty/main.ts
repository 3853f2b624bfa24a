// The engine's floor: a program that declares nothing, for which no plugin is started.
import "@pulumi/pulumi";
